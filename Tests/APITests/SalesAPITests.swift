import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct SalesAPITests {
  private func line(_ id: String, _ product: String, channel: String = "direct") -> JSON {
    [
      "external_id": .string(id), "product_id": .string(product), "channel": .string(channel),
      "quantity": 2, "unit_price": "10", "currency": "USD", "sold_at": "2026-01-31",
    ]
  }

  private func scene(_ client: Client) async throws -> (Client, ProductID) {
    let boss = try await client.story.member("boss", role: .admin)
    let ada = try await client.story.member("ada")
    return (try await client.by(boss), try await client.story.product(by: ada, curator: boss))
  }

  @Test func `a batch is a report when it has a name, and is refused when it adds up to less`()
    async throws
  {
    try await withApplication { client in
      let (boss, product) = try await scene(client)
      func body(_ expect: JSON) -> JSON {
        [
          "source": "shop", "report": "january", "expect": expect,
          "lines": [line("1", "\(product)"), line("2", "LAMP")],
        ]
      }
      let refused = try await boss.post("/v1/sales", body(["lines": 3, "gross": ["USD": "50"]]))
      #expect(refused.status == 422 && refused.pointers == ["/expect", "/expect"])
      let odd = try await boss.post("/v1/sales", body(["gross": ["USD": "x"], "units": 4]))
      #expect(odd.pointers == ["/expect/gross"])
      let taken = try await boss.post(
        "/v1/sales", body(["lines": 2, "units": 4, "gross": ["USD": "40.00"]]))
      #expect(taken.status == 200)
      let id = try #require(taken["report_id"]?.string)
      let list = try await boss.get("/v1/sales/reports?source=shop")
      #expect(list["reports"]?[0]?["id"]?.string == id)
      let report = try await boss.get("/v1/sales/reports/\(id)")
      #expect(report["name"]?.string == "january" && report["recorded"]?.int == 1)
      #expect(report["suspended"]?["unknown_product"]?.int == 1)
      #expect(try await boss.get("/v1/sales/reports/\(SaleReportID(uuid: .zero))").status == 404)
      let wrong = try await boss.post("/v1/sales/reports/\(id)/withdrawal", ["reason": ""])
      #expect(wrong.pointers == ["/reason"])
      for _ in 1...2 {
        let back = try await boss.post("/v1/sales/reports/\(id)/withdrawal", ["reason": "odd"])
        #expect(back.status == 200 && back["withdrawal"]?.string == "odd")
      }
      let none = "/v1/sales/reports/\(SaleReportID(uuid: .zero))/withdrawal"
      #expect(try await boss.post(none, ["reason": "odd"]).status == 404)
      #expect(try await boss.post("/v1/sales", body(["lines": 2])).problem == "report-withdrawn")
      let bare = try await boss.post(
        "/v1/sales", ["source": "shop", "lines": [line("1", "\(product)")]])
      #expect(bare["report_id"] == nil && bare["lines"]?[0]?["outcome"]?.string == "recorded")
    }
  }

  @Test func `lines in suspense are listed, named, mended, replayed and rejected`() async throws {
    try await withApplication { client in
      let (boss, product) = try await scene(client)
      _ = try await boss.post(
        "/v1/sales",
        [
          "source": "shop",
          "lines": [
            line("1", "LAMP"), line("2", "\(product)", channel: "x"),
            line("3", "\(product)", channel: "y"),
          ],
        ])
      let list = try await boss.get("/v1/sales/suspense?source=shop&limit=2")
      #expect(list["lines"]?.array?.count == 2 && list["counts"]?.array?.count == 2)
      let next = try #require(list["next_cursor"]?.string)
      let rest = try await boss.get("/v1/sales/suspense?source=shop&cursor=\(next)")
      #expect(rest["lines"]?[0]?["external_id"]?.string == "3")
      #expect(try await boss.get("/v1/sales/suspense?reason=odd").pointers == ["/reason"])
      #expect(try await boss.get("/v1/sales/suspense?cursor=odd").pointers == ["/cursor"])

      let alias: JSON = ["source": "shop", "sku": "LAMP", "product_id": .string("\(product)")]
      #expect(try await boss.post("/v1/sales/aliases", alias).status == 201)
      #expect(try await boss.post("/v1/sales/aliases", alias).status == 200)
      let nothing: JSON = [
        "source": "shop", "sku": "LAMP", "product_id": .string("\(ProductID.new())"),
      ]
      #expect(try await boss.post("/v1/sales/aliases", nothing).status == 404)
      let other = try await client.story.product(
        by: client.story.member("eve"), curator: client.story.member("carl", role: .curator))
      let taken: JSON = ["source": "shop", "sku": "LAMP", "product_id": .string("\(other)")]
      #expect(try await boss.post("/v1/sales/aliases", taken).problem == "alias-taken")
      let aliases = try await boss.get("/v1/sales/aliases?source=shop")
      #expect(aliases["aliases"]?[0]?["sku"]?.string == "LAMP")

      let replayed = try await boss.post("/v1/sales/suspense/replay")
      #expect(replayed["recorded"]?.int == 1 && replayed["waiting"]?.int == 2)
      func repair(_ id: String, _ changes: JSON) async throws -> Client.Answer {
        try await boss.post(
          "/v1/sales/suspense/repair",
          ["source": "shop", "external_id": .string(id), "changes": changes, "reason": "typo"])
      }
      #expect(try await repair("2", ["channel": "direct"])["outcome"]?.string == "recorded")
      #expect(try await repair("2", ["channel": "direct"]).status == 404)
      #expect(try await repair("3", ["unit_price": "x"]).pointers == ["/changes/unit_price"])
      #expect(try await repair("3", [:]).pointers == ["/changes"])
      let no: JSON = ["source": "shop", "external_id": "3", "reason": "a test"]
      for outcome in ["rejected", "repeated"] {
        #expect(
          try await boss.post("/v1/sales/suspense/reject", no)["outcome"]?.string == outcome)
      }
      let rejected = try await boss.get("/v1/sales/suspense?reason=rejected")
      #expect(rejected["lines"]?[0]?["rejection"]?.string == "a test")
    }
  }

  @Test func `a source's mapping is kept in versions`() async throws {
    try await withApplication { client in
      let (boss, _) = try await scene(client)
      let shipped = try await boss.get("/v1/sales/mappings")
      let shopify = try #require(shipped["mappings"]?[0]?["mapping"])
      let body: JSON = ["source": "shop", "name": "mine", "mapping": shopify]
      let added = try await boss.post("/v1/sales/mappings", body)
      #expect(added.status == 201 && added["version"]?.int == 1)
      #expect(try await boss.post("/v1/sales/mappings", body).status == 200)
      let wrong: JSON = ["source": "shop", "name": "Mine", "mapping": ["layout": "odd"]]
      let pointers = try await boss.post("/v1/sales/mappings", wrong).pointers
      #expect(pointers.contains("/name") && pointers.contains("/mapping"))
      let list = try await boss.get("/v1/sales/mappings?source=shop")
      #expect(list["mappings"]?.array?.count == 4)
    }
  }
}
