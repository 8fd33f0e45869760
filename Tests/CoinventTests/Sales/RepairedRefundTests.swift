import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct RepairedRefundTests {
  private static let head =
    "external_id,product_id,channel,quantity,unit_price,currency,sold_at,return_of\n"

  private func line(_ id: String, _ product: String, _ units: Int, of sale: String = "") -> String {
    "\(id),\(product),direct,\(units),10,USD,2026-02-03,\(sale)\n"
  }

  private func naming(_ sale: String) -> JSONObject {
    var changes = JSONObject()
    changes["return_of"] = .string(sale)
    return changes
  }

  @Test func `a refund for which somebody names the sale is of that sale's product`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let curator = try await scene.story.member("curator2", role: .curator)
      let shade = try await scene.story.product(by: scene.ada, curator: curator)
      try await scene.take(
        Self.head + line("1/1", "\(scene.product)", 1) + line("1/2", "\(shade)", 1))
      let json: JSON = [
        "external_id": "1/refund", "return_of": "1", "product_id": .string("\(scene.product)"),
        "channel": "direct", "quantity": -1, "unit_price": "10", "currency": "USD",
        "sold_at": "2026-02-05", "unclear": true,
      ]
      let refund = try SaleLine(json: json, at: "")
      #expect(
        try await scene.story.sell([refund], source: "store") == [.suspended(.unclearRefund)])
      let outcome = try await pool.transaction { tx in
        try await RepairSuspense.run(
          "1/refund", of: "store", changes: naming("1/2"),
          reason: "the shade came back", by: nil, at: .now, in: tx)
      }
      #expect(outcome == .repaired(.recorded))
      let product = try await pool.one(
        "SELECT product_id FROM sale_lines WHERE external_id = '1/refund'", as: UUID.self)
      #expect(product == shade.uuid)
    }
  }
}
