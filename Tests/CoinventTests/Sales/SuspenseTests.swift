import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct SuspenseTests {
  private func line(_ scene: SalesScene, _ id: String, channel: String = "direct") throws
    -> SaleLine
  {
    try Story.line(id, scene.product, channel: channel, price: "10")
  }

  private func repair(
    _ scene: SalesScene, _ id: String, _ changes: JSONObject, source: String = "shop"
  ) async throws -> RepairSuspense.Outcome {
    try await scene.story.pool.transaction { tx in
      try await RepairSuspense.run(
        id, of: source, changes: changes, reason: "typo", by: scene.ada, at: .now, in: tx)
    }
  }

  private func reject(_ scene: SalesScene, _ id: String) async throws -> RepairSuspense.Rejection {
    try await scene.story.pool.transaction { tx in
      try await RepairSuspense.reject(
        id, of: "shop", reason: "a test", by: scene.ada, at: .now, in: tx)
    }
  }

  private func channel(_ name: String) -> JSONObject {
    var changes = JSONObject()
    changes["channel"] = .string(name)
    return changes
  }

  @Test func `a line in suspense is mended, recorded, and the line as it came is kept`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let wrong = try line(scene, "1", channel: "dircet")
      #expect(try await scene.story.sell([wrong]) == [.suspended(.unknownChannel)])
      #expect(try await repair(scene, "2", channel("direct")) == .unknown)
      #expect(
        try await repair(scene, "1", channel("web")) == .repaired(.suspended(.unknownChannel)))
      // The report comes once more: what was mended stays mended.
      #expect(try await scene.story.sell([wrong]) == [.suspended(.unknownChannel)])
      let waiting = try #require(try await Suspense.list(in: pool).lines.first)
      #expect(waiting.line["channel"] == "web" && waiting.repairs == 1)
      #expect(try await repair(scene, "1", channel("direct")) == .repaired(.recorded))
      #expect(try await Suspense.list(in: pool).lines.isEmpty)
      #expect(try await scene.story.sell([wrong]) == [.repeated])
      #expect(
        try await scene.story.sell([line(scene, "1", channel: "retail")])
          == [.conflict("recorded before with another channel")])
      let kept = try await pool.all(
        """
        SELECT number, before->>'channel', after->>'channel', reason, repaired_by
        FROM suspense_repairs ORDER BY number
        """, as: (Int32, String, String, String, UUID).self)
      #expect(kept.map(\.1) == ["dircet", "web"] && kept.map(\.2) == ["web", "direct"])
      #expect(kept.allSatisfy { $0.3 == "typo" && $0.4 == scene.ada.uuid })
    }
  }

  @Test func `a repair with mistakes changes nothing`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      try await scene.story.sell([line(scene, "1", channel: "x")])
      for (name, value, fault) in [
        ("unit_price", "much", "/changes/unit_price is not a decimal number"),
        ("external_id", "2", "/external_id is the line's key and cannot be changed"),
        ("colour", "red", "/changes/colour is not known here"),
      ] {
        var changes = JSONObject()
        changes[name] = .string(value)
        let wish = changes
        let said = await SalesScene.faults { _ = try await repair(scene, "1", wish) }
        #expect(said.replacing(":", with: "").hasPrefix(fault), "\(said)")
      }
      #expect(try await Suspense.list(in: pool).lines.first?.repairs == 0)
    }
  }

  @Test func `a rejected line stays visible and is not counted, until a repair takes it back`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let sku = try SaleLine(at: "") {
        [
          "external_id": "1", "product_id": "LAMP", "channel": "direct", "quantity": "1",
          "unit_price": "5", "currency": "USD", "sold_at": "2026-01-31",
        ][$0]
      }
      #expect(try await scene.story.sell([sku]) == [.suspended(.unknownProduct)])
      #expect(try await reject(scene, "7") == .unknown)
      #expect(try await reject(scene, "1") == .rejected)
      #expect(try await reject(scene, "1") == .repeated)
      try await scene.name("LAMP", source: "shop")
      #expect(try await ReplaySuspense.run(pool: pool) == .init())
      #expect(try await scene.story.sell([sku]) == [.suspended(.rejected)])
      let counts = try await Suspense.counts(in: pool)
      #expect(counts.count == 1 && counts[0].reason == "rejected" && counts[0].lines == 1)
      #expect(
        try await Suspense.list(reason: "rejected", in: pool).lines.first?.rejection == "a test")
      #expect(try await repair(scene, "1", channel("retail")) == .repaired(.recorded))
    }
  }

  @Test func `aliases are added once and mean one product`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let other = try await scene.story.product(
        by: scene.ada, curator: scene.story.member("carl", role: .curator))
      try await scene.name("LAMP")
      for (product, expected) in [
        (scene.product, ProductAliases.Outcome.repeated), (other, .taken(scene.product)),
        (ProductID(uuid: .zero), .unknownProduct),
      ] {
        let outcome = try await pool.transaction { tx in
          try await ProductAliases.add("LAMP", of: "store", product: product, by: nil, in: tx)
        }
        #expect(outcome == expected)
      }
      #expect(try await ProductAliases.list(of: "store", in: pool).map(\.sku) == ["LAMP"])
      #expect(try await ProductAliases.list(of: "else", in: pool).isEmpty)
    }
  }

  @Test func `suspense is read page by page`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      try await scene.story.sell((1...5).map { try line(scene, "\($0)", channel: "x") })
      var seen: [String] = []
      var cursor: Suspense.Cursor?
      repeat {
        let page = try await Suspense.list(source: "shop", limit: 2, after: cursor, in: pool)
        seen += page.lines.map(\.externalID)
        cursor = try page.next.map { try #require(Suspense.Cursor($0.text)) }
      } while cursor != nil
      #expect(seen == ["1", "2", "3", "4", "5"])
      #expect(Suspense.Cursor("!") == nil)
    }
  }
}
