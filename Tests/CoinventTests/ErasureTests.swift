import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct ErasureTests {
  /// Columns of uuids that are ids of other things than members.
  static let others: Set = [
    "id", "idea_id", "product_id", "settlement_id", "duplicate_id", "original_id", "ancestor_id",
    "notice_id", "subject", "mail_id", "worker", "batch_id", "payout_id", "cause", "corrects",
    "revokes", "after", "evaluation_id", "current_idea", "comment_id", "root_id", "path",
    "brief_id", "image_id", "case_id", "thing", "signal_id", "ideas", "thread_id",
    "project_id", "entry_id", "presale_id", "commitment_id", "file_id", "dispute_id",
    "low_id", "high_id", "winner_id", "left_id", "right_id",
    "offer_id", "report_id", "run", "period_id", "statement_id", "preview_id",
  ]

  @Test func `every column that may hold a member is in the list of what is told and erased`()
    async throws
  {
    try await withDatabase { pool in
      let columns = try await pool.all(
        """
        SELECT c.table_name::text, c.column_name::text,
          EXISTS (
            SELECT 1 FROM pg_constraint k JOIN pg_attribute a
              ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
            WHERE k.contype = 'f' AND k.confrelid = 'members'::regclass
              AND k.conrelid = c.table_name::text::regclass AND a.attname = c.column_name)
        FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
          AND c.udt_name IN ('uuid', '_uuid')
        """, as: (String, String, Bool).self)
      #expect(columns.count > 60)
      let listed = Dictionary(uniqueKeysWithValues: MemberTable.all.map { ($0.name, $0) })
      var known = 0
      for (table, column, isMember) in columns {
        let has = listed[table]?.columns.contains(column) ?? false
        if has { known += 1 }
        if isMember || !Self.others.contains(column) {
          #expect(has, "\(table).\(column): say in MemberTable what becomes of it")
        }
      }
      // Nor does the list name what is not there.
      #expect(known == MemberTable.all.reduce(0) { $0 + $1.columns.count })
    }
  }

  private func export(_ member: MemberID, _ pool: Pool) async throws -> JSON {
    var bytes: [UInt8] = []
    try await OwnData.run(of: member, from: pool) { bytes += $0 }
    return try JSON.parse(bytes)
  }

  private func erase(_ member: MemberID, gives: Bool = false, _ pool: Pool) async throws
    -> Erasure.Outcome
  {
    try await pool.transaction { tx in
      switch try await AskErasure.run(member, gives: gives, after: .zero, in: tx) {
      case .asked: try await EraseMember.run(member, in: tx)
      case let other: other
      }
    }
  }

  @Test func `members take away what is theirs, without secrets`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let idea = try await story.idea(by: ada)
      _ = try await story.edit(idea, EditIdea.Change(pitch: "Cables, tamer."), by: ada)
      let other = try await story.idea(by: bob)
      try await story.vote(ada, for: other)
      _ = try await story.token(of: ada)
      let data = try await export(ada, pool)
      #expect(data["member_id"]?.string == ada.description)
      #expect(data["members"]?.array?.first?["email"]?.string == "ada@example.org")
      #expect(data["members"]?.array?.first?["id"]?.string == ada.description)
      #expect(data["ideas"]?.array?.map { $0["id"]?.string } == [idea.description])
      #expect(data["idea_versions"]?.array?.first?["pitch"]?.string == "Cables, tamed.")
      let vote = try #require(data["votes"]?.array?.first)
      #expect(vote["idea_id"]?.string == other.description)
      #expect(vote["cast_at"]?.string.flatMap(Timestamp.init(rfc3339:)) != nil)
      #expect(vote["cast_at"]?.string?.hasSuffix("Z") == true)
      #expect(data["tokens"]?.array?.count == 1)
      let text = data.text()
      #expect(!text.contains("secret_hash") && !text.contains("password_hash"))
      #expect(!text.contains("bob@example.org"))
      #expect(Set(data.object?.keys ?? []) == Set(OwnData.parts + ["member_id", "exported_at"]))
    }
  }

  @Test func `an erased member is a pseudonym, and what others read and count stays`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let idea = try await story.idea(by: ada)
      let draft = try await story.draft(by: ada, title: "Nobody has read this one")
      let other = try await story.idea(by: bob)
      try await story.vote(ada, for: other)
      let token = try await story.token(of: ada)
      guard case .erased = try await erase(ada, pool) else { throw Surprise("not erased") }

      let member = try #require(try await FindMember.by(id: ada, in: pool))
      #expect(member.handle.hasPrefix("former_") && member.displayName == "Former member")
      #expect(member.email == nil)
      let found = try await FindIdeas.run([idea, draft, other], in: pool).compactMap(\.self)
      #expect(found[0].title == "A cable that never tangles")
      #expect(found[0].authorHandle == member.handle)
      #expect(found[1].state == .withdrawn && found[1].title == "An erased idea")
      #expect(found[2].votes == 1)
      let secret = try #require(TokenSecret(token))
      #expect(try await FindPrincipals.run([secret], in: pool)[0] == nil)
      let text = try await export(ada, pool).text()
      #expect(!text.contains("ada@example.org") && !text.contains("Nobody has read"))
      try await story.verify()
      guard case .erased = try await erase(ada, pool) else { throw Surprise("not repeated") }
      // The handle and the address are free again.
      try await story.member("ada")
    }
  }

  @Test func `former texts go with their author only`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      _ = try await story.edit(idea, EditIdea.Change(pitch: "Cables, tamer."), by: ada)
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("DELETE FROM idea_versions")
      }
      try await story.move(idea, to: .withdrawn, by: ada)
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE ideas SET pitch = 'x', version = version + 1")
      }
      guard case .erased = try await erase(ada, pool) else { throw Surprise("not erased") }
      let left = try await pool.one("SELECT count(*) FROM idea_versions", as: Int64.self)
      #expect(left == 0)
    }
  }

  @Test func `pictures of a draft go with their author, those of an open idea stay`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let draft = try await story.draft(by: ada)
      let open = try await story.idea(by: ada)
      let program = ImageProgram()
      defer { program.stop() }
      let outcome = try await program.read(Pictures.gif)
      guard case .read(let picture) = outcome else { throw Surprise("\(outcome)") }
      for idea in [draft, open] {
        let added = try await pool.transaction { tx in
          try await AddImage.run(
            picture, sha256: Digest.sha256(Pictures.gif), description: "Ada", idea: idea, by: ada,
            in: tx)
        }
        guard case .added = added else { throw Surprise("\(added)") }
      }
      let told = try await export(ada, pool)["idea_images"]?.array ?? []
      #expect(told.count == 2 && told.allSatisfy { $0["id"]?.string?.hasPrefix("img_") ?? false })
      _ = try await erase(ada, pool)
      let left = try await pool.all("SELECT DISTINCT idea_id FROM image_bytes", as: UUID.self)
      #expect(left == [open.uuid])
      #expect(try await IdeaImage.all(of: draft, in: pool).isEmpty)
      #expect(try await IdeaImage.all(of: open, in: pool).count == 1)
    }
  }

  @Test func `nobody loses money by leaving, and shares are the same to the byte`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("cora", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      try await story.lock(product)
      guard case .moneyWaits(let before) = try await erase(ada, pool) else {
        throw Surprise("shares are given away unasked")
      }
      #expect(before.payable.isEmpty && before.holdsShares)
      try await story.sell([try Story.line("1", product, price: "1000.00")])
      try await story.settle()
      guard case .moneyWaits(let money) = try await erase(ada, pool) else {
        throw Surprise("money is given away unasked")
      }
      #expect(money.payable.count == 1)
      let held = try await shares(pool)
      guard case .erased = try await erase(ada, gives: true, pool) else {
        throw Surprise("not erased")
      }
      try await story.verify()
      #expect(try await shares(pool) == held)
      #expect(try await house(pool) == money.payable[0].nanos)

      try await story.sell([try Story.line("2", product, price: "1000.00")])
      try await story.settle()
      let report = try await DueErasures.run(in: pool)
      #expect(report.given == 1)
      #expect(try await house(pool) == 2 * money.payable[0].nanos)
      #expect(try await DueErasures.run(in: pool).didNothing)
      try await story.verify()
      let total = try #require(try await Earnings.of(ada, in: pool).totals.first)
      #expect(total.payable == 0 && total.given == total.credited)
    }
  }

  private func shares(_ pool: Pool) async throws -> String {
    try await pool.one(
      """
      SELECT string_agg(s::text, ';' ORDER BY s::text)
        || (SELECT string_agg(encode(sha256, 'hex'), ';' ORDER BY version) FROM share_versions)
      FROM shares s
      """, as: String.self)
  }

  private func house(_ pool: Pool) async throws -> Int64 {
    try await pool.one(
      """
      SELECT coalesce(sum(amount), 0)::bigint FROM transfers
      WHERE reason = 'give' AND to_kind = 'house'
      """, as: Int64.self)
  }

  @Test func `who comes back within the days of grace stays`() async throws {
    try await withDatabase { pool in
      let passwords = Passwords()
      defer { passwords.stop() }
      let story = Story(pool)
      let hash = try await passwords.hash("correct horse")
      let made = try await CreateMember.run(
        MemberDraft(handle: "ada", displayName: "Ada", email: nil), passwordHash: hash, in: pool)
      guard case .created(let ada) = made else { throw Surprise("\(made)") }
      let token = try #require(TokenSecret(try await story.token(of: ada.id)))
      let asked = try await pool.transaction {
        try await AskErasure.run(ada.id, gives: false, in: $0)
      }
      guard case .asked(let erasure) = asked else { throw Surprise("\(asked)") }
      #expect(erasure.dueAt == erasure.askedAt + .seconds(14 * 86_400))
      #expect(try await FindPrincipals.run([token], in: pool)[0] == nil)
      #expect(try await DueErasures.run(in: pool).didNothing)
      let signedIn = try await SignIn.run(
        login: "ada", password: "correct horse", lasting: .seconds(60), passwords: passwords,
        in: pool)
      guard case .signedIn = signedIn else { throw Surprise("\(signedIn)") }
      let later = erasure.dueAt + .seconds(1)
      #expect(try await DueErasures.run(at: later, in: pool).didNothing)

      _ = try await pool.transaction { try await AskErasure.run(ada.id, gives: false, in: $0) }
      #expect(try await DueErasures.run(at: .now + .seconds(15 * 86_400), in: pool).erased == 1)
      #expect(try await FindMember.by(id: ada.id, in: pool)?.displayName == "Former member")
    }
  }
}
