import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct LeaversTests {
  private func leave(_ member: MemberID, _ pool: Pool) async throws {
    try await pool.transaction { tx in
      _ = try await AskErasure.run(member, gives: true, after: .zero, in: tx)
      _ = try await EraseMember.run(member, in: tx)
    }
  }

  private func die(_ member: MemberID, heir: MemberID, by curator: MemberID, _ pool: Pool)
    async throws -> RecordDeath.Outcome
  {
    try await pool.transaction {
      try await RecordDeath.run(
        member, heir: heir, evidence: "A certificate", by: curator, in: $0)
    }
  }

  private func take(_ member: MemberID, _ accepts: Bool, by heir: MemberID, _ pool: Pool)
    async throws -> TakeInheritance.Outcome
  {
    try await pool.transaction {
      try await TakeInheritance.run(of: member, accepts: accepts, by: heir, in: $0)
    }
  }

  @Test func `who leaves keeps the holdings, unless the rule gives them to the house`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(3)
      let boss = try await story.member("boss", role: .admin)
      let product = try await story.product(by: crowd[0], curator: boss)
      for member in crowd[1...] { try await story.contribute(member, to: product, .naming) }
      try await leave(crowd[1], pool)
      #expect(try await story.holdings(product)[crowd[1]] == 12_500_000)

      for _ in 0..<2 {
        try await pool.transaction {
          try await LeaverRule.set(.house, reason: "So we agreed.", by: boss, in: $0)
        }
      }
      #expect(try await LeaverRule.inForce(in: pool) == .house)
      let house = try await story.holdings(product)[nil] ?? 0
      try await leave(crowd[2], pool)
      let holdings = try await story.holdings(product)
      #expect(holdings[crowd[1]] == 12_500_000 && holdings[crowd[2]] == nil)
      #expect(holdings[nil] == house + 12_500_000)
      // What is found to be theirs later goes the same way.
      try await story.contribute(crowd[2], to: product, .tagline)
      #expect(try await story.holdings(product)[crowd[2]] == nil)
      let other = try await story.product(by: crowd[0], curator: boss)
      try await story.contribute(crowd[2], to: other, .tagline)
      #expect(try await story.holdings(other)[crowd[2]] == nil)
      try await story.lock(product)
      try await story.lock(other)
      try await story.verify()
    }
  }

  @Test func `an heir accepts what a dead member held, and the account is closed`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let heir = try await story.member("heir")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      let secret = try #require(TokenSecret(try await story.token(of: ada)))
      guard case .recorded = try await die(ada, heir: heir, by: curator, pool),
        case .recorded = try await die(ada, heir: heir, by: curator, pool)
      else { throw Surprise("not recorded") }
      #expect(try await FindPrincipals.run([secret], in: pool)[0] == nil)
      #expect(try await story.holdings(product)[ada] == 420_000_000)
      guard case .done = try await take(ada, true, by: heir, pool),
        case .done = try await take(ada, true, by: heir, pool)
      else { throw Surprise("not accepted") }
      #expect(try await story.holdings(product)[heir] == 420_000_000)
      try await story.contribute(ada, to: product, .naming)
      #expect(try await story.holdings(product)[heir] == 445_000_000)
      try await story.lock(product)
      try await story.verify()
      guard case .ended(.accepted) = try await take(ada, false, by: heir, pool) else {
        throw Surprise("it was accepted")
      }
      let back = try await pool.transaction {
        try await RecordDeath.takeBack(ada, reason: "Alive!", by: curator, in: $0)
      }
      guard case .alreadyAccepted = back else { throw Surprise("\(back)") }
    }
  }

  @Test func `a wrong record is taken back, an heir may decline, and the rest is refused by name`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(4)
      let curator = try await story.member("curator", role: .curator)
      func outcome(_ member: MemberID, _ heir: MemberID) async throws -> String {
        let outcome = try await die(member, heir: heir, by: curator, pool)
        return String("\(outcome)".prefix { $0 != "(" })
      }
      #expect(try await outcome(crowd[0], crowd[0]) == "heirIsTheMember")
      #expect(try await outcome(crowd[0], curator) == "heirIsTheCurator")
      #expect(try await outcome(crowd[0], MemberID.new()) == "unknownHeir")
      #expect(try await outcome(MemberID.new(), crowd[0]) == "unknownMember")
      #expect(try await outcome(crowd[0], crowd[1]) == "recorded")
      #expect(try await outcome(crowd[0], crowd[2]) == "heirNamed")
      // The dead inherit nothing.
      #expect(try await outcome(crowd[3], crowd[0]) == "notActive")
      guard case .unknown = try await take(crowd[0], true, by: crowd[2], pool) else {
        throw Surprise("not the heir")
      }
      guard case .done = try await take(crowd[0], false, by: crowd[1], pool) else {
        throw Surprise("not declined")
      }
      #expect(try await outcome(crowd[0], crowd[2]) == "recorded")
      func takeBack(_ member: MemberID) async throws -> String {
        let outcome = try await pool.transaction {
          try await RecordDeath.takeBack(member, reason: "Alive!", by: curator, in: $0)
        }
        return String("\(outcome)".prefix { $0 != "(" })
      }
      #expect(try await takeBack(crowd[3]) == "notRecorded")
      #expect(try await takeBack(crowd[0]) == "takenBack")
      #expect(try await takeBack(crowd[0]) == "takenBack")
      guard case .ended(.takenBack) = try await take(crowd[0], true, by: crowd[2], pool) else {
        throw Surprise("it was taken back")
      }
    }
  }
}
