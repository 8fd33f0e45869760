import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct AccountMergesTests {
  private func ask(_ from: MemberID, _ to: MemberID, by asker: MemberID, _ pool: Pool)
    async throws -> AskMerge.Outcome
  {
    try await pool.transaction {
      try await AskMerge.ask(from, into: to, reason: "Both are me.", by: asker, in: $0)
    }
  }

  /// Both sides have confirmed.
  private func merge(_ from: MemberID, _ to: MemberID, _ pool: Pool) async throws -> MergeID {
    guard case .asked(let asked) = try await ask(from, to, by: from, pool) else {
      throw Surprise("not asked")
    }
    let outcome = try await pool.transaction {
      try await AskMerge.confirm(asked.id, by: to, in: $0)
    }
    guard case .merged(let merge) = outcome else { throw Surprise("\(outcome)") }
    return merge.id
  }

  private func end(_ id: MergeID, by side: MemberID, _ pool: Pool) async throws
    -> EndMerge.Outcome
  {
    try await pool.transaction {
      try await EndMerge.bySide(id, reason: "They are two.", by: side, in: $0)
    }
  }

  @Test func `two accounts count as one from the next shares on, and as before when undone`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let old = try await story.member("ada_old")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      try await story.contribute(old, to: product, .naming)
      try await story.contribute(curator, to: product, .naming)
      try await story.lock(product)
      let before = try #require(try await Influence.of(product, in: pool))
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.settle()
      #expect(try await story.credited(old) == "0.375")

      let id = try await merge(old, ada, pool)
      // What is credited stays; what is proposed now follows.
      #expect(try await story.credited(old) == "0.375")
      try await story.lock(product)
      let holdings = try await story.holdings(product)
      #expect(holdings[old] == nil && holdings[ada] == 432_500_000)
      // Later contributions of the old account count as Ada's too, in other products as well.
      let second = try await story.product(by: curator, curator: curator)
      try await story.contribute(old, to: second, .tagline)
      #expect(try await story.holdings(second)[ada] == 15_000_000)
      try await story.verify()

      guard case .undoAsked = try await end(id, by: old, pool) else { throw Surprise("alone") }
      #expect(try await IdentityMerge.toUndo(in: pool).map(\.id) == [id])
      let outcome = try await pool.transaction {
        try await EndMerge.byCurator(id, reason: "Two people.", by: curator, in: $0)
      }
      guard case .ended = outcome else { throw Surprise("\(outcome)") }
      try await story.lock(product)
      let after = try #require(try await Influence.of(product, in: pool))
      #expect(after.sha256 == before.sha256 && after.shares == before.shares)
      #expect(try await story.holdings(second)[old] == 15_000_000)
      try await story.verify()
    }
  }

  @Test func `both sides can undo it without a curator, and either can refuse it before`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(3)
      let id = try await merge(crowd[0], crowd[1], pool)
      guard case .undoAsked = try await end(id, by: crowd[1], pool),
        case .ended = try await end(id, by: crowd[0], pool),
        case .ended = try await end(id, by: crowd[0], pool)
      else { throw Surprise("not undone") }
      guard case .unknown = try await end(id, by: crowd[2], pool) else {
        throw Surprise("by a third")
      }
      guard case .asked(let asked) = try await ask(crowd[0], crowd[1], by: crowd[1], pool),
        case .ended = try await end(asked.id, by: crowd[0], pool)
      else { throw Surprise("not refused") }
      let confirmed = try await pool.transaction {
        try await AskMerge.confirm(asked.id, by: crowd[0], in: $0)
      }
      guard case .ended = confirmed else { throw Surprise("\(confirmed)") }
      let curator = try await pool.transaction {
        try await EndMerge.byCurator(id, reason: "No.", by: crowd[2], in: $0)
      }
      guard case .ended = curator else { throw Surprise("\(curator)") }
    }
  }

  @Test func `what cannot be merged is refused by name`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(5)
      func refusal(_ from: MemberID, _ to: MemberID) async throws -> AskMerge.Refusal? {
        guard case .refused(let refusal) = try await ask(from, to, by: from, pool) else {
          return nil
        }
        return refusal
      }
      #expect(try await refusal(crowd[0], crowd[0]) == .oneAccount)
      guard case .unknownMember = try await ask(crowd[0], MemberID.new(), by: crowd[0], pool)
      else { throw Surprise("there is no such member") }
      _ = try await merge(crowd[0], crowd[1], pool)
      let second = try await merge(crowd[1], crowd[2], pool)
      #expect(try await refusal(crowd[2], crowd[0]) == .circle)
      #expect(try await refusal(crowd[0], crowd[3]) == .alreadyMerging)
      let undo = try await pool.transaction {
        try await EndMerge.byCurator(second, reason: "No.", by: crowd[4], in: $0)
      }
      guard case .notAsked = undo else { throw Surprise("\(undo)") }

      let product = try await story.product(by: crowd[3], curator: crowd[4])
      _ = try await story.offer(product, from: crowd[3], to: crowd[4])
      #expect(try await refusal(crowd[3], crowd[4]) == .hasAssigned(crowd[3]))
      let boss = try await story.member("boss", role: .admin)
      _ = try await pool.transaction {
        try await BanMember.run(crowd[4], from: .all, until: nil, reason: "Spam", by: boss, in: $0)
      }
      #expect(try await refusal(crowd[2], crowd[4]) == .notActive(crowd[4]))
    }
  }
}
