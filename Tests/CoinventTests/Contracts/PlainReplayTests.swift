import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Plain contracts are summed up by the database; a replay must come to the same.
@Suite struct PlainReplayTests {
  @Test(arguments: 0..<8)
  func `a plain contract replayed earns what the database sums up`(seed: Int) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      var random = Seeded(seed: UInt64(seed) &+ 99)
      let world = try TermsWorld(seed: seed)
      let ana = try await story.member("ana")
      let cleo = try await story.member("cleo", role: .curator)
      func plain() -> ContractTerms {
        ContractTerms(
          base: Bool.random(using: &random) ? .gross : .net,
          rates: ["direct", "retail"].map { ($0, Int64.random(in: 0...1_000_000, using: &random)) })
      }
      var products: [ProductID] = []
      for _ in 0..<3 {
        let product = try await story.product(by: ana, curator: cleo, contract: plain())
        try await story.lock(product)
        let next = plain()
        _ = try await pool.transaction {
          try await story.amend(product, next, startsAt: world.secondStart, in: $0)
        }
        products.append(product)
      }
      try await TermsWorld.record(world.lines, of: products, in: pool)
      try await story.settle(through: Day("2027-12-15"))
      let stored = try await stored(in: pool)
      #expect(try await replayed(products, in: pool) == stored)
      #expect(!stored.isEmpty)
    }
  }

  private func stored(in pool: Pool) async throws -> [String: Int128] {
    let rows = try await pool.all(
      """
      SELECT concat_ws('/', product_id, contract_version, share_version, currency, channel,
                       rate_ppm), sum(earned)
      FROM earned_sums GROUP BY 1 HAVING sum(earned) <> 0
      """, as: (String, Int128).self)
    return Dictionary(uniqueKeysWithValues: rows)
  }

  private func replayed(_ products: [ProductID], in pool: Pool) async throws -> [String: Int128] {
    try await pool.transaction { tx in
      let scope = LifetimePools.Scope(
        horizon: .max, cutOff: Ledgerless.at("2027-12-16"), plannedAt: .now)
      let replay = ReplaySales(
        scope: scope, contracts: try await ReadContracts.all(of: products, in: tx),
        shares: try await ShareSpan.all(of: products, in: tx))
      var found: [String: Int128] = [:]
      try await replay.run("SELECT unnest(\(products.map(\.uuid))) AS product_id", in: tx) {
        product, replay in
        for (key, sum) in replay.sums {
          let bucket = key.bucket
          let name =
            "\(product.uuid)/\(bucket.contract)/\(bucket.share)/\(bucket.currency)/"
            + "\(key.place.channel)/\(key.rate)"
          found[name, default: 0] += sum.earned
        }
      }
      return found.filter { $0.value != 0 }
    }
  }
}
