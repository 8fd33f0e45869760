import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct SaleReportTests {
  private static let head = "external_id,product_id,channel,quantity,unit_price,currency,sold_at"

  private func text(_ scene: SalesScene) -> String {
    Self.head + "\n1,\(scene.product),direct,2,10,USD,2026-01-31\n"
      + "2,\(scene.product),direct,3,5,USD,2026-01-31\n3,LAMP,direct,1,7,USD,2026-01-31\n"
  }

  @Test func `a report that is not what was expected writes nothing and names both figures`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let dollars = try #require(Currency("USD"))
      let wrong: [(SaleExpectation, String)] = [
        (.lines(4), "4 lines were expected, it has 3"),
        (.units(7), "7 units were expected, its lines have 6"),
        (
          .gross(42_010_000_000, dollars),
          "42.01 USD were expected, its lines add up to 42.00 USD"
        ),
      ]
      for (expected, said) in wrong {
        let fault = await SalesScene.faults {
          try await scene.take(text(scene), expecting: [expected])
        }
        #expect(fault == "the report: \(said)")
      }
      #expect(try await scene.lines().isEmpty)
      let right: [SaleExpectation] = [.lines(3), .units(6), .gross(42_000_000_000, dollars)]
      #expect(try await scene.take(text(scene), expecting: right).recorded == 2)
    }
  }

  @Test func `a report counts what became of its lines, now and when lines are replayed`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      #expect(try await scene.take(text(scene), dryRun: true).id == nil)
      #expect(try await SaleReport.list(in: pool).reports.isEmpty)
      let id = try #require(try await scene.take(text(scene)).id)
      var report = try #require(try await SaleReport.find(id, in: pool))
      #expect(report.recorded == 2 && report.suspended == ["unknown_product": 1])
      #expect(report.gross == ["USD": "42.00"] && report.units == 6 && report.lines == 3)
      #expect(report.last?.recorded == 2 && report.last?.suspended == 1)
      try await scene.name("LAMP")
      #expect(try await ReplaySuspense.run(pool: pool) == .init(recorded: 1))
      report = try #require(try await SaleReport.find(id, in: pool))
      #expect(report.recorded == 3 && report.suspended == [:])
      let again = try await scene.take(text(scene))
      #expect(again.repeated == 3 && again.id == id)
      report = try #require(try await SaleReport.find(id, in: pool))
      #expect(report.recorded == 3 && report.last?.repeated == 3)
      let owners = try await pool.all(
        "SELECT DISTINCT report_id FROM sale_lines", as: UUID.self)
      #expect(owners == [id.uuid])
    }
  }

  @Test func `reports are listed page by page, the newest first`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      for number in 1...3 {
        try await scene.take(
          Self.head + "\n\(number),\(scene.product),direct,1,10,USD,2026-01-31\n",
          source: number == 3 ? "other" : "store")
      }
      let first = try await SaleReport.list(limit: 2, in: pool)
      #expect(first.reports.map(\.source) == ["other", "store"])
      let rest = try await SaleReport.list(limit: 2, after: first.next, in: pool)
      #expect(rest.reports.count == 1 && rest.next == nil)
      #expect(try await SaleReport.list(source: "other", in: pool).reports.count == 1)
    }
  }

  @Test func `whatever the order and however often reports come, the books are the same`()
    async throws
  {
    var books: Set<[String]> = []
    for seed in 0..<6 {
      try await withDatabase { pool in
        let scene = try await SalesScene(pool)
        var parts = (0..<6).map { part in
          Self.head + ",return_of\n"
            + (0..<4).map { line in
              let id = part * 4 + line
              return id % 5 == 4
                ? "\(id),LAMP,direct,-1,10,USD,2026-02-01,\((id * 7) % 24 / 5 * 5)\n"
                : "\(id),LAMP,direct,\(1 + id % 3),10,USD,2026-01-31,\n"
            }.joined()
        }
        parts += parts.prefix(seed)
        var order = parts.indices.map { ($0 * (2 * seed + 1) + seed) % parts.count }
        if Set(order).count < parts.count { order = parts.indices.reversed() }
        for (step, index) in order.enumerated() {
          if step == seed { try await scene.name("LAMP") }
          try await scene.take(parts[index])
        }
        _ = try await ReplaySuspense.run(pool: pool)
        try await scene.story.settle()
        try await scene.story.verify()
        books.insert(try await scene.lines() + [try await scene.story.credited(scene.ada)])
      }
    }
    #expect(books.count == 1)
    #expect(books.first?.count == 25)
  }
}
