import Coinvent
import Postgres
import TestSupport
import Testing

@Suite struct BansTests {
  private let start = Timestamp.now + .seconds(60)

  @discardableResult
  private func ban(
    _ member: MemberID, from scope: Ban.Scope, until: Timestamp? = nil, by actor: MemberID,
    at now: Timestamp, in pool: Pool
  ) async throws -> BanMember.Outcome {
    try await pool.transaction {
      try await BanMember.run(
        member, from: scope, until: until, reason: "Spam.", by: actor, at: now, in: $0)
    }
  }

  @discardableResult
  private func lift(_ member: MemberID, by actor: MemberID, at now: Timestamp, in pool: Pool)
    async throws -> BanMember.Lifted
  {
    try await pool.transaction {
      try await BanMember.lift(member, reason: "Enough.", by: actor, at: now, in: $0)
    }
  }

  @Test func `a ban keeps a member from its scope until it runs out`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let curator = try await story.member("curator", role: .curator)
      let idea = try await story.idea(by: ada, at: start)
      let draft = try await story.draft(by: ada)
      let end = start + .seconds(60)
      try await ban(ada, from: .ideas, until: end, by: curator, at: start, in: pool)
      await #expect(throws: Banned.self) { try await story.idea(by: ada, at: start) }
      await #expect(throws: Banned.self) {
        try await pool.transaction {
          try await OpenDraft.run(draft, by: ada, at: start, in: $0)
        }
      }
      await #expect(throws: Banned.self) {
        try await pool.transaction {
          try await EditIdea.run(
            .init(title: "Another"), idea: idea, by: ada, at: start, in: $0)
        }
      }
      // Comments are another scope, and others are not meant.
      _ = try await pool.transaction {
        try await PostComment.run("Hello.", on: idea, by: ada, at: start, in: $0)
      }
      _ = try await story.idea(by: bob, at: start)
      _ = try await story.idea(by: ada, at: end)
      #expect(try await Ban.inForce(ada, .ideas, at: end, in: pool) == nil)

      try await ban(ada, from: .comments, by: curator, at: start, in: pool)
      await #expect(throws: Banned.self) {
        try await pool.transaction {
          try await PostComment.run("Hello.", on: idea, by: ada, at: start, in: $0)
        }
      }
      try await lift(ada, by: curator, at: start, in: pool)
      _ = try await pool.transaction {
        try await PostComment.run("Hello.", on: idea, by: ada, at: start, in: $0)
      }
      #expect(
        try await Ban.history(of: ada, in: pool).map(\.scope) == [nil, .comments, .ideas])
    }
  }

  @Test func `outcomes of bans and lifts`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let admin = try await story.member("admin", role: .admin)
      for protected in [curator, admin] {
        guard
          case .protected = try await ban(
            protected, from: .all, by: curator, at: start, in: pool),
          case .protected = try await lift(protected, by: curator, at: start, in: pool)
        else { throw Surprise("a curator bans those who are protected") }
      }
      guard case .protected = try await ban(admin, from: .all, by: admin, at: start, in: pool)
      else { throw Surprise("an admin bans themselves") }
      guard case .banned = try await ban(curator, from: .all, by: admin, at: start, in: pool)
      else { throw Surprise("an admin cannot ban a curator") }
      guard case .unknown = try await ban(.new(), from: .all, by: admin, at: start, in: pool),
        case .unknown = try await lift(.new(), by: admin, at: start, in: pool),
        case .notBanned = try await lift(ada, by: admin, at: start, in: pool)
      else { throw Surprise("who is unknown or not banned is taken for somebody else") }
      await #expect(throws: Invalid.self) {
        try await ban(ada, from: .all, until: start, by: admin, at: start, in: pool)
      }
      for _ in 1...2 { try await ban(ada, from: .all, by: curator, at: start, in: pool) }
      #expect(try await Ban.history(of: ada, in: pool).count == 1)
      try await lift(ada, by: curator, at: start, in: pool)
      await #expect(throws: DatabaseError.self) { try await pool.execute("DELETE FROM bans") }

      let entries = try await ReadAudit.run(in: pool)
      #expect(entries.map(\.action) == ["ban_lifted", "member_banned", "member_banned"])
      #expect(entries.map(\.actor) == [curator, curator, admin])
      var filter = ReadAudit.Filter()
      filter.thing = curator.description
      #expect(try await ReadAudit.run(filter, in: pool).map(\.actor) == [admin])
      filter = ReadAudit.Filter()
      filter.actor = curator
      filter.action = "ban_lifted"
      filter.kind = "mem"
      #expect(try await ReadAudit.run(filter, in: pool).map(\.thing) == [ada.description])
      filter.since = start + .seconds(1)
      #expect(try await ReadAudit.run(filter, in: pool).isEmpty)
      for change in ["DELETE FROM audit", "UPDATE audit SET reason = 'x'"] {
        await #expect(throws: DatabaseError.self) {
          try await pool.transaction { try await $0.execute(Query(unsafeSQL: change)) }
        }
      }
    }
  }

  @Test func `curators' moves and an admin's gates are on record, authors' own moves are not`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let admin = try await story.member("admin", role: .admin)
      let idea = try await story.idea(by: ada)
      try await story.decide(.decline, idea, by: curator)
      try await story.gates("short", [(2, 1)], by: admin)
      let draft = try await story.draft(by: ada)
      _ = try await pool.transaction { try await OpenDraft.run(draft, by: ada, in: $0) }
      let entries = try await ReadAudit.run(in: pool)
      #expect(entries.map(\.action) == ["gates_chosen", "idea_moved"])
      #expect(entries.map(\.actorHandle) == ["admin", "curator"])
      #expect(entries.map(\.thing) == ["gates", idea.description])
    }
  }

  @Test func `roles change, and there is always an admin`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let admin = try await story.member("admin", role: .admin)
      func set(_ role: Role, _ member: MemberID, by actor: MemberID? = nil) async throws
        -> SetRole.Outcome
      {
        try await pool.transaction {
          try await SetRole.run(role, of: member, reason: "It is time.", by: actor, in: $0)
        }
      }
      guard case .lastAdmin = try await set(.member, admin, by: admin),
        case .unknown = try await set(.member, .new()),
        case .changed(let changed, .member) = try await set(.admin, ada, by: admin),
        case .unchanged = try await set(.admin, ada),
        case .changed(_, .admin) = try await set(.finance, admin)
      else { throw Surprise("a role is not what it should be") }
      #expect(changed.role == .admin)
      let entries = try await ReadAudit.run(in: pool)
      #expect(entries.map(\.action) == ["role_changed", "role_changed"])
      #expect(entries.map(\.actor) == [nil, admin])
    }
  }
}
