import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct GenerateTests {
  static let small: WorldPlan = {
    var plan = WorldPlan().scaled(by: 0.001)
    plan.products = 4
    plan.holders = 60
    plan.sales = 500
    plan.settlements = 3
    return plan
  }()

  @Test func `a generated world stands every check, and goes on like any other`() async throws {
    try await withDatabase { pool in
      let outcome = try await Generate.run(Self.small, tokens: 5, pool: pool)
      guard case .generated(let tokens) = outcome else {
        Issue.record("nothing was generated")
        return
      }
      #expect(try await Verify.run(pool: pool).first == nil)
      let (members, ideas, votes, own) = try await pool.one(
        """
        SELECT (SELECT count(*) FROM members), (SELECT count(*) FROM ideas),
          (SELECT sum(votes)::bigint FROM tallies),
          (SELECT count(*) FROM votes v JOIN ideas i ON i.id = v.idea_id
           WHERE i.author_id = v.member_id)
        """, as: (Int, Int, Int, Int).self)
      #expect(members == 1086 && ideas == 361 && own == 0)
      #expect((15_000...20_500).contains(votes), "\(votes) votes")
      let credits = try await pool.one(
        "SELECT count(*) FROM transfers WHERE reason = 'credit'", as: Int.self)
      #expect(credits % 60 == 0 && credits > 4 * 60 && credits <= 4 * 60 * 3)

      let idea = try #require(Generate.openIdeas(Self.small).map { $0 }.first)
      let wish = try CastVotes.Wish(
        idea: #require(IdeaID(idea)), voter: .holder(of: #require(TokenSecret(tokens[0]))),
        voted: true)
      #expect(try await CastVotes.run([wish], in: pool)[0].outcome == .done)
      let constraints = try await pool.one(
        "SELECT count(*) FROM pg_constraint WHERE NOT convalidated", as: Int.self)
      #expect(constraints == 0)
    }
  }

  @Test func `indexes, constraints and triggers are as before`() async throws {
    let query: Query = """
      SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
        SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal) AS all_of
      """
    try await withDatabase { pool in
      let before = try await pool.one(query, as: String.self)
      _ = try await Generate.run(Self.small, pool: pool)
      #expect(try await pool.one(query, as: String.self) == before)
    }
  }

  @Test func `the same seed makes the same rows, another seed other rows`() async throws {
    var other = Self.small
    other.seed = 2
    let prints = try await [print(of: Self.small), print(of: Self.small), print(of: other)]
    #expect(prints[0] == prints[1] && prints[0] != prints[2])
  }

  private func print(of plan: WorldPlan) async throws -> String {
    var plan = plan
    plan.settlements = 0
    return try await withDatabase { [plan] pool in
      _ = try await Generate.run(plan, pool: pool)
      return try await pool.one(
        """
        SELECT md5(string_agg(t, ',' ORDER BY t)) FROM (
          SELECT members::text AS t FROM members UNION ALL SELECT ideas::text FROM ideas
          UNION ALL SELECT tallies::text FROM tallies UNION ALL SELECT votes::text FROM votes
          UNION ALL SELECT shares::text FROM shares UNION ALL SELECT sale_lines::text FROM sale_lines
        ) AS rows
        """, as: String.self)
    }
  }

  @Test func `a database with anybody in it is left alone`() async throws {
    try await withDatabase { pool in
      try await Story(pool).member("ada")
      guard case .notEmpty(let table) = try await Generate.run(Self.small, pool: pool) else {
        Issue.record("it was filled")
        return
      }
      #expect(table == "members")
      #expect(try await pool.one("SELECT count(*) FROM members", as: Int.self) == 1)
    }
  }

  @Test func `the skew is the published one`() {
    let plan = WorldPlan()
    let holders = Skew.holders(plan).sorted()
    #expect(abs(holders[63] - 515) < 15 && holders.last == 5177)
    let sales = Skew.sales(plan)
    #expect(sales.reduce(0, +) == plan.sales)
    let share = Double(sales.prefix(3).reduce(0, +)) / Double(plan.sales)
    #expect(abs(share - 0.475) < 0.005, "the first three have \(share)")
    let votes = Skew.votes(plan.scaled(by: 0.1)).sorted()
    let all = votes.reduce(0) { $0 + Int($1) }
    #expect(abs(Double(all) / 2_000_000 - 1) < 0.05, "\(all) votes")
    let top = votes.suffix(votes.count / 20).reduce(0) { $0 + Int($1) }
    #expect(Double(top) / Double(all) > 0.4, "a twentieth has \(top) of \(all)")
  }

  @Test func `everybody of a crowd is there once, and the author is not`() {
    for members in [2, 3, 10, 97, 1086] {
      var plan = WorldPlan()
      plan.members = members
      for number in 0..<20 {
        var crowd = Crowd(plan, kind: 20, number: number)
        let taken = Set((1..<members).map { _ in crowd.next() })
        #expect(taken.count == members - 1 && !taken.contains(plan.author(of: number)))
      }
    }
  }

  @Test func `a plan that contradicts itself says where`() {
    var plan = Self.small
    plan.products = 400
    plan.holders = 1
    plan.sales = 1
    #expect(plan.faults.count == 4)
    #expect(Self.small.faults.isEmpty && WorldPlan().faults.isEmpty)
  }
}
