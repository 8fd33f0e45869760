import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct OverReturnedTests {
  private static let head =
    "external_id,product_id,channel,quantity,unit_price,currency,sold_at,return_of\n"

  private func back(_ scene: SalesScene, _ id: String, _ units: Int, of sale: String) -> String {
    "\(id),\(scene.product),direct,-\(units),10,USD,2026-02-03,\(sale)\n"
  }

  @Test func `a report says when more units came back than were sold, and counts them`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let sales =
        Self.head
        + (1...3).map { "\($0),\(scene.product),direct,2,10,USD,2026-01-31,\n" }.joined()
      #expect(try await scene.take(sales).overReturned.count == 0)
      let first = Self.head + back(scene, "a", 1, of: "1") + back(scene, "b", 2, of: "2")
      #expect(try await scene.take(first).overReturned.warning == nil)
      // One unit is left of the first sale, none of the second; nobody knows the fourth.
      let second =
        Self.head + back(scene, "c", 1, of: "1") + back(scene, "d", 1, of: "1")
        + back(scene, "e", 1, of: "2") + back(scene, "f", 9, of: "4")
        + back(scene, "g", 3, of: "3")
      let report = try await scene.take(second)
      #expect(report.recorded == 5 && report.overReturned.count == 3)
      #expect(
        report.overReturned.warning == "3 returns are of more units than their sale had: d, e, g; "
          + "if that is a mistake, withdraw the report")
      #expect(try await scene.take(second).overReturned.count == 3)
      let id = try #require(report.id)
      let found = try #require(try await SaleReport.find(id, in: pool))
      #expect(found.json["over_returned"] == 3 && found.json["warning"]?.string != nil)
      let listed = try await SaleReport.list(in: pool).reports
      #expect(listed.allSatisfy { $0.json["over_returned"]?.isNull == true })
      let outcome = try await pool.transaction { tx in
        try await WithdrawReport.run(id, reason: "twice", by: nil, at: .now, in: tx)
      }
      #expect(outcome == .withdrawn(lines: 5))
      #expect(try await SaleReport.find(id, in: pool)?.overReturned?.count == 0)
    }
  }

  @Test func `one return is named in the singular, and of many only the first`() {
    var some = OverReturned()
    #expect(some.warning == nil)
    (some.count, some.keys) = (1, ["a"])
    #expect(some.warning?.hasPrefix("1 return is of more units than its sale had: a; ") == true)
    some.count = 9
    #expect(some.warning?.contains("9 returns are of") == true)
    #expect(some.warning?.contains(": a, …; ") == true)
  }
}
