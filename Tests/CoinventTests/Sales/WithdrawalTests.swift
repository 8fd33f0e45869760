import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct WithdrawalTests {
  private static let head =
    "external_id,product_id,channel,quantity,unit_price,currency,sold_at,return_of\n"

  private func wrong(_ scene: SalesScene) -> String {
    Self.head + "1,\(scene.product),direct,9,10,USD,2026-01-31,\n"
      + "2,\(scene.product),retail,3,5,USD,2026-01-31,\n"
      // A return of a sale in the other report.
      + "3,\(scene.product),direct,-1,20,USD,2026-02-02,a\n"
  }

  private func other(_ scene: SalesScene) -> String {
    Self.head + "a,\(scene.product),direct,4,20,USD,2026-01-30,\n"
      // A return of a sale in the report that is withdrawn.
      + "b,\(scene.product),direct,-2,10,USD,2026-02-03,1\n"
  }

  private func right(_ scene: SalesScene) -> String {
    Self.head + "1,\(scene.product),direct,3,10,USD,2026-01-31,\n"
      + "3,\(scene.product),direct,-1,20,USD,2026-02-02,a\n"
  }

  private func withdraw(_ id: SaleReportID, _ pool: Pool) async throws -> WithdrawReport.Outcome {
    try await pool.transaction { tx in
      try await WithdrawReport.run(id, reason: "wrong month", by: nil, at: .now, in: tx)
    }
  }

  /// Sums of the database, and a replay line by line.
  private static let kinds = ["plain", "stepped"]

  private static func contract(_ kind: String) throws -> ContractTerms {
    kind == "plain" ? .standard : try stepped
  }

  private static var stepped: ContractTerms {
    get throws {
      try Ledgerless.terms(
        "net",
        #"""
        "rules":[{"channel":"direct","rate_ppm":100000,"by":"units",
                  "steps":[{"above":"2","rate_ppm":200000}]}],
        "reserve":{"ppm":100000,"period":"month","held":1}
        """#)
    }
  }

  /// Pools, and what Ada was credited, at the end of a story.
  private func end(
    _ contract: ContractTerms, _ tell: (SalesScene, Pool) async throws -> Void
  ) async throws -> [String] {
    var books: [String] = []
    try await withDatabase { pool in
      let scene = try await SalesScene(pool, contract: contract)
      try await tell(scene, pool)
      try await scene.story.settle()
      try await scene.story.verify()
      books = [
        try await scene.story.pools(scene.product), try await scene.story.credited(scene.ada),
      ]
    }
    return books
  }

  @Test(arguments: kinds)
  func `a report that was withdrawn is as if it had never come, settled before or not`(
    _ kind: String
  ) async throws {
    let contract = try Self.contract(kind)
    let never = try await end(contract) { scene, _ in try await scene.take(other(scene)) }
    let unsettled = try await end(contract) { scene, pool in
      let id = try #require(try await scene.take(wrong(scene)).id)
      try await scene.take(other(scene))
      #expect(try await withdraw(id, pool) == .withdrawn(lines: 3))
    }
    let settled = try await end(contract) { scene, pool in
      let id = try #require(try await scene.take(wrong(scene)).id)
      try await scene.take(other(scene))
      try await scene.story.settle()
      try await scene.story.verify()
      let before = try await scene.story.pools(scene.product)
      #expect(try await withdraw(id, pool) == .withdrawn(lines: 3))
      // The settlement before is still what its lines say.
      try await scene.story.verify()
      #expect(try await scene.story.pools(scene.product) == before)
      #expect(try await withdraw(id, pool) == .repeated)
    }
    let late = try await end(contract) { scene, pool in
      let id = try #require(try await scene.take(wrong(scene)).id)
      try await scene.story.settle()
      _ = try await withdraw(id, pool)
      try await scene.story.settle()
      try await scene.story.verify()
      #expect(try await scene.story.credited(scene.ada) == "0.00")
      try await scene.take(other(scene))
    }
    #expect(unsettled == never && settled == never && late == never)
  }

  @Test(arguments: kinds)
  func `a corrected report has the same keys, and is what counts`(_ kind: String) async throws {
    let contract = try Self.contract(kind)
    let never = try await end(contract) { scene, _ in
      try await scene.take(other(scene))
      try await scene.take(right(scene))
    }
    for settles in [false, true] {
      let corrected = try await end(contract) { scene, pool in
        let id = try #require(try await scene.take(wrong(scene)).id)
        try await scene.take(other(scene))
        if settles { try await scene.story.settle() }
        _ = try await withdraw(id, pool)
        if settles { try await scene.story.settle() }
        await #expect(throws: WithdrawnReport.self) { try await scene.take(wrong(scene)) }
        let report = try await scene.take(right(scene))
        #expect(report.recorded == 2 && report.conflictCount == 0)
        #expect(try await scene.take(right(scene)).repeated == 2)
        if settles { try await scene.story.settle() }
        let second = try #require(report.id)
        _ = try await withdraw(second, pool)
        if settles { try await scene.story.settle() }
        let again =
          right(scene) + "4,\(scene.product),direct,1,1,USD,2026-01-31,\n"
          + "5,\(scene.product),direct,-1,1,USD,2026-01-31,4\n"
        #expect(try await scene.take(again).recorded == 4)
      }
      #expect(corrected == never)
    }
  }

  @Test func `lines in suspense of a withdrawn report wait on and are not replayed`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let text = Self.head + "1,LAMP,direct,1,10,USD,2026-01-31,\n"
      let id = try #require(try await scene.take(text).id)
      #expect(try await withdraw(SaleReportID(uuid: .zero), pool) == .unknown)
      #expect(try await withdraw(id, pool) == .withdrawn(lines: 0))
      try await scene.name("LAMP")
      #expect(try await ReplaySuspense.run(pool: pool) == .init())
      #expect(try await Suspense.list(in: pool).lines.map(\.reason) == ["withdrawn"])
      #expect(try await Suspense.counts(in: pool).map(\.reason) == ["withdrawn"])
      let report = try #require(try await SaleReport.find(id, in: pool))
      #expect(report.withdrawal?.reason == "wrong month")
      #expect(try await scene.take(text + "2,LAMP,direct,1,10,USD,2026-01-31,\n").recorded == 2)
      #expect(try await Suspense.list(in: pool).lines.isEmpty)
    }
  }
}
