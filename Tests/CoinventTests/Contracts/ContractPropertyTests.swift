import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Random contracts with terms, sales and returns, settled in every way: the balances are the same
/// to the nano.
@Suite struct ContractPropertyTests {
  private static let end = Day("2027-12-15")

  /// What is in the books in the end, by numbers that are the same in every database.
  private struct Books: Equatable {
    var pools: [String: Int64] = [:]
    var members: [String: Int64] = [:]
  }

  @Test(arguments: 0..<14)
  func `however often and in whatever order it is settled, balances are the same`(seed: Int)
    async throws
  {
    let world = try TermsWorld(seed: seed)
    let once = try await settled(world) { story, products in
      try await TermsWorld.record(world.lines, of: products, in: story.pool)
    }
    #expect(!once.pools.isEmpty)
    for way in 0..<2 {
      let cut = try await settled(world) { story, products in
        var random = Seeded(seed: UInt64(seed) &* 31 &+ UInt64(way))
        var arriving = world.lines.shuffled(using: &random)
        while !arriving.isEmpty {
          let count = min(arriving.count, Int.random(in: 1...40, using: &random))
          try await TermsWorld.record(Array(arriving.prefix(count)), of: products, in: story.pool)
          arriving.removeFirst(count)
          if Bool.random(using: &random) { continue }
          let month = Int.random(in: 1...9, using: &random)
          let day = Int.random(in: 10...28, using: &random)
          try await story.settle(through: Day("2027-0\(month)-\(day)"))
          if Bool.random(using: &random) { try await story.verify() }
        }
      }
      #expect(cut == once)
    }
  }

  /// Makes the world, lets `arrive` do its part, settles to the end twice, and reads the books.
  private func settled(
    _ world: TermsWorld, _ arrive: (Story, [ProductID]) async throws -> Void
  ) async throws -> Books {
    try await withDatabase { pool in
      let story = Story(pool)
      let (members, products) = try await world.make(story)
      try await arrive(story, products)
      try await story.settle(through: Self.end)
      try await story.verify()
      guard case .nothingToDo = try await story.settle(through: Self.end) else {
        Issue.record("settling again moved something")
        return Books()
      }
      try await expectConservation(pool)
      try await expectTerms(pool)
      return try await books(members, products, in: pool)
    }
  }

  private func books(_ members: [MemberID], _ products: [ProductID], in pool: Pool) async throws
    -> Books
  {
    var books = Books()
    let pools = try await pool.all(
      """
      SELECT product_id, contract_version, share_version, currency, settled FROM pools
      WHERE settled <> 0
      """, as: (UUID, Int32, Int32, String, Int64).self)
    for (product, contract, share, currency, settled) in pools {
      let number = products.firstIndex { $0.uuid == product } ?? -1
      books.pools["\(number)/\(contract)/\(share)/\(currency)"] = settled
    }
    for (number, member) in members.enumerated() {
      for total in try await Earnings.of(member, in: pool).totals where total.credited != 0 {
        #expect(total.payable == total.credited)
        books.members["\(number)/\(total.currency)"] = total.credited
      }
    }
    return books
  }

  /// Σ due + crumb = pool: what left the pools is with members and the house, and the rest of each
  /// is less than a nano for each holder.
  private func expectConservation(_ pool: Pool) async throws {
    let wrong = try await pool.all(
      """
      SELECT p.product_id, p.currency FROM (
        SELECT product_id, currency, sum(settled) AS settled FROM pools GROUP BY 1, 2
      ) AS p
      JOIN LATERAL (
        SELECT coalesce(sum(CASE WHEN reason = 'credit' AND from_owner = p.product_id THEN amount
                                 WHEN reason = 'credit' THEN -amount ELSE 0 END), 0) AS credited,
          coalesce(sum(CASE WHEN reason = 'pool' AND to_kind = 'product_pool' THEN amount
                            WHEN reason = 'pool' THEN -amount ELSE 0 END), 0) AS pooled
        FROM transfers WHERE home = p.product_id AND currency = p.currency
      ) AS t ON true
      WHERE t.pooled <> p.settled
        OR abs(t.pooled - t.credited) >= 2 * (SELECT count(*) + 1 FROM members)
      """, as: (UUID, String).self)
    #expect(wrong.isEmpty)
  }

  /// Each settlement's row explains its change, and the rows add up to what is in the pool.
  private func expectTerms(_ pool: Pool) async throws {
    let wrong = try await pool.all(
      """
      SELECT t.product_id, t.currency
      FROM settlement_terms t LEFT JOIN pool_changes c
        USING (product_id, settlement_id, contract_version, share_version, currency)
      WHERE t.earned - t.reserved - t.recouped + t.advanced + t.guaranteed
        <> coalesce(c.after - c.before, 0)
      UNION ALL
      SELECT p.product_id, p.currency
      FROM pools p LEFT JOIN (
        SELECT product_id, contract_version, share_version, currency,
          sum(earned - reserved - recouped + advanced + guaranteed) AS pool
        FROM settlement_terms JOIN contracts x USING (product_id)
        WHERE x.version = 1 AND x.terms IS NOT NULL GROUP BY 1, 2, 3, 4
      ) AS t USING (product_id, contract_version, share_version, currency)
      WHERE t.pool <> p.settled
      """, as: (UUID, String).self)
    #expect(wrong.isEmpty)
  }
}
