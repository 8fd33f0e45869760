import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct LifecycleTests {
  @Test func `the schema's transitions are the program's`() async throws {
    try await withDatabase { pool in
      let rows = try await pool.all(
        "SELECT old_state, new_state FROM idea_transitions", as: (Idea.State, Idea.State).self)
      var inSchema: [Idea.State: Set<Idea.State>] = [:]
      for (old, new) in rows { inSchema[old, default: []].insert(new) }
      for state in Idea.State.allCases {
        #expect(inSchema[state] ?? [] == state.next, "\(state)")
      }
    }
  }

  @Test(arguments: [
    // What the schema refuses, and by which name.
    ("UPDATE ideas SET state = 'draft', changes = changes + 1", "ideas_transition"),
    ("UPDATE ideas SET state = 'qualified'", "ideas_change_counted"),
    ("UPDATE ideas SET state = 'qualified', changes = changes + 1", "ideas_as_history"),
    ("UPDATE ideas SET title = 'Another title altogether'", "ideas_version_counted"),
    ("UPDATE ideas SET ancestor_id = id", "ideas_own_ancestor"),
  ])
  func `the database refuses a life that must not be`(sql: String, name: String) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      _ = try await story.idea(by: story.member("ada"))
      let error = await #expect(throws: DatabaseError.self) {
        try await pool.execute(Query(unsafeSQL: sql))
      }
      #expect(error?.constraint == name)
    }
  }

  @Test func `the record of a life is never rewritten`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      try await story.move(idea, to: .inReview, by: ada)
      for table in ["idea_history", "idea_versions", "gate_steps", "gate_choices", "tally_seals"] {
        for sql in ["DELETE FROM \(table)", "TRUNCATE \(table) CASCADE"] {
          await #expect(throws: DatabaseError.self, "\(sql)") {
            try await pool.execute(Query(unsafeSQL: sql))
          }
        }
      }
      let changes = try await IdeaRecord.changes(of: idea, in: pool)
      #expect(changes.count == 1 && changes[0].oldState == .open && changes[0].changedBy == ada)
    }
  }

  @Test func `a draft may be unfinished, is edited freely and opens when it is whole`() async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let empty = IdeaDraft(title: "Hm", pitch: "", problem: "", solution: "", category: "")
      let outcome = try await pool.transaction {
        try await SubmitIdea.run(empty, by: ada, as: .draft, in: $0)
      }
      guard case .made(let draft) = outcome else { throw Surprise("\(outcome)") }
      #expect(try await story.vote(bob, for: draft.id).outcome == .unknownIdea)
      guard case .unknown = try await story.edit(draft.id, .init(pitch: "Mine!"), by: bob) else {
        throw Surprise("a stranger edits a draft")
      }
      await #expect(throws: Invalid.self) {
        try await pool.transaction { try await OpenDraft.run(draft.id, by: ada, in: $0) }
      }
      _ = try await story.edit(
        draft.id,
        .init(
          title: "A cable that never tangles", pitch: "Tamed.", problem: "They tangle.",
          solution: "Not this one.", category: "home"), by: ada)
      let later = Timestamp.now + .seconds(60)
      let opened = try await pool.transaction {
        try await OpenDraft.run(draft.id, by: ada, at: later, in: $0)
      }
      guard case .opened(let idea) = opened else { throw Surprise("\(opened)") }
      #expect(idea.state == .open && idea.openedAt == later && idea.version == 1)
      #expect(try await IdeaRecord.versions(of: draft.id, in: pool).isEmpty)
      #expect(try await story.vote(bob, for: draft.id).outcome == .done)
    }
  }

  @Test func `an edit of an open idea keeps what was read, and acceptance freezes it`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let idea = try await story.idea(by: ada)
      guard
        case .edited(let edited) = try await story.edit(
          idea, .init(pitch: "Cables, at last tamed."), version: 1, by: ada)
      else { throw Surprise("no edit") }
      #expect(edited.version == 2 && edited.pitch == "Cables, at last tamed.")
      guard
        case .otherVersion(2) = try await story.edit(
          idea, .init(pitch: "Late."), version: 1, by: ada)
      else { throw Surprise("a stale edit") }
      guard case .notAuthor = try await story.edit(idea, .init(pitch: "Mine."), by: bob) else {
        throw Surprise("somebody else's edit")
      }
      let versions = try await IdeaRecord.versions(of: idea, in: pool)
      #expect(versions.map(\.version) == [1] && versions[0].pitch == "Cables, tamed.")
      _ = try await story.accept(idea, by: bob)
      guard case .frozen(.accepted) = try await story.edit(idea, .init(pitch: "Ha."), by: ada)
      else { throw Surprise("an edit after the acceptance") }
      let error = await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE ideas SET pitch = 'Ha.', version = version + 1")
      }
      #expect(error?.constraint == "ideas_frozen")
    }
  }

  @Test func `an idea that was taken back is continued by another one of the same author`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let first = try await story.idea(by: ada)
      let draft = IdeaDraft(
        title: "A cable, better than before", pitch: "p", problem: "p", solution: "s",
        category: "c")
      func resubmit(_ author: MemberID) async throws -> SubmitIdea.Outcome {
        try await pool.transaction {
          try await SubmitIdea.run(draft, by: author, continuing: first, in: $0)
        }
      }
      guard case .noAncestor = try await resubmit(ada) else { throw Surprise("it still lives") }
      func withdraw(_ member: MemberID) async throws -> WithdrawIdea.Outcome {
        try await pool.transaction {
          try await WithdrawIdea.run(first, reason: "Not yet.", by: member, in: $0)
        }
      }
      guard case .notAuthor = try await withdraw(bob) else { throw Surprise("bob took it back") }
      guard case .withdrawn(let gone, _) = try await withdraw(ada) else {
        throw Surprise("not gone")
      }
      #expect(gone.state == .withdrawn && gone.decidedAt != nil)
      guard case .notAllowed(.withdrawn) = try await withdraw(ada) else { throw Surprise("twice") }
      guard case .noAncestor = try await resubmit(bob) else { throw Surprise("not his") }
      guard case .made(let next) = try await resubmit(ada) else { throw Surprise("not made") }
      let ancestor = try await pool.one(
        "SELECT ancestor_id FROM ideas WHERE id = \(next.id.uuid)", as: UUID.self)
      #expect(ancestor == first.uuid)
    }
  }
}
