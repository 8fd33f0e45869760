import Coinvent
import Postgres
import TestSupport
import Testing

/// What is said about ideas, and who may change it.
@Suite struct CommentsTests {
  @Test func `replies lie below what they answer, five deep`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      var last = try await story.comment("one", on: idea, by: ada)
      let root = last
      for depth in 2...7 {
        let parent = last
        last = try await story.comment("\(depth)", on: idea, to: last.id, by: ada)
        #expect(last.path.count == min(depth, 5))
        #expect(last.parent == (depth <= 5 ? parent.id : parent.parent))
      }
      let page = try await ReadThread.run(idea, replies: 3, in: pool)
      #expect(page.count == 7 && page.roots.count == 1)
      #expect(page.roots[0].root.replies == 6)
      #expect(page.roots[0].replies.map(\.text) == ["2", "3", "4"])
      let rest = try await ReadThread.replies(
        below: root, limit: 100, after: page.roots[0].next, in: pool)
      #expect(rest.replies.map(\.text) == ["5", "6", "7"] && rest.next == nil)
    }
  }

  @Test func `a thread is read page by page in each order, and nothing is met twice`() async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      var texts: [String] = []
      let start = Timestamp.now
      for number in 0..<25 {
        texts.append("root \(number)")
        let root = try await story.comment(
          texts[number], on: idea, by: ada, at: start + .seconds(number))
        if number == 3 {
          for reply in 0..<12 {
            try await story.comment(
              "reply \(reply)", on: idea, to: root.id, by: ada,
              at: start + .seconds(100 + reply))
          }
        }
      }
      for sort in ReadThread.Sort.allCases {
        var met: [String] = []
        var cursor: ThreadCursor?
        repeat {
          let page = try await ReadThread.run(idea, sort: sort, limit: 7, after: cursor, in: pool)
          met += page.roots.map(\.root.text)
          cursor = page.next.flatMap { ThreadCursor($0.text, sort: sort) }
          if page.next != nil { #expect(cursor == page.next) }
        } while cursor != nil
        #expect(met == (sort == .old ? texts : texts.reversed()), "\(sort)")
      }
      let page = try await ReadThread.run(idea, sort: .old, in: pool)
      var replies = page.roots[3].replies
      var cursor = page.roots[3].next
      while let after = cursor {
        let more = try await ReadThread.replies(
          below: page.roots[3].root, limit: 4, after: after, in: pool)
        replies += more.replies
        cursor = more.next
      }
      #expect(replies.map(\.text) == (0..<12).map { "reply \($0)" })
      #expect(ThreadCursor("nonsense", sort: .new) == nil)
    }
  }

  @Test func `a deleted comment leaves its place, and the counts follow`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let idea = try await story.idea(by: ada)
      let root = try await story.comment("root", on: idea, by: bob)
      let reply = try await story.comment("reply", on: idea, to: root.id, by: ada)
      func delete(_ id: CommentID, by member: MemberID) async throws -> DeleteComment.Outcome {
        try await pool.transaction { try await DeleteComment.run(id, by: member, in: $0) }
      }
      #expect(try await delete(root.id, by: ada) == .notAuthor)
      #expect(try await delete(root.id, by: bob) == .deleted)
      #expect(try await delete(root.id, by: bob) == .deleted)
      #expect(try await delete(.new(), by: bob) == .unknown)
      let page = try await ReadThread.run(idea, in: pool)
      #expect(page.count == 1 && page.roots[0].root.state == .deleted)
      #expect(page.roots[0].replies.map(\.id) == [reply.id])
      let outcome = try await pool.transaction {
        try await PostComment.run("late", on: idea, to: root.id, by: ada, in: $0)
      }
      guard case .unknownParent = outcome else { throw Surprise("\(outcome)") }
    }
  }

  @Test func `an edit keeps what was there, and is for its author only`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let idea = try await story.idea(by: ada)
      let comment = try await story.comment("frist @bob", on: idea, by: ada)
      func edit(_ text: String, version: Int64? = nil, by member: MemberID) async throws
        -> EditComment.Outcome
      {
        try await pool.transaction {
          try await EditComment.run(
            text, comment: comment.id, version: version, by: member, in: $0)
        }
      }
      guard case .notAuthor = try await edit("x", by: bob) else { throw Surprise("not refused") }
      guard case .edited(let now) = try await edit("first @ada", version: 1, by: ada) else {
        throw Surprise("not edited")
      }
      #expect(now.version == 2 && now.text == "first @ada" && now.editedAt != nil)
      guard case .otherVersion(2) = try await edit("x", version: 1, by: ada) else {
        throw Surprise("not refused")
      }
      guard case .edited(let same) = try await edit("first @ada", by: ada) else {
        throw Surprise("refused")
      }
      #expect(same.version == 2)
      #expect(try await EditComment.versions(of: now, in: pool).map(\.text) == ["frist @bob"])
      let mentions = try await ReadThread.mentions(of: [now], in: pool)
      #expect(mentions[comment.id]?.map(\.handle) == ["ada"])
      try await pool.execute(
        "UPDATE comments SET version = 100 WHERE id = \(comment.id.uuid)")
      guard case .tooOften = try await edit("again", by: ada) else { throw Surprise("edited") }
    }
  }

  @Test func `more than twenty mentions are refused`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(21)
      let idea = try await story.idea(by: crowd[0])
      func text(_ count: Int) -> String {
        (0..<count).map { $0 < 10 ? "@_m\($0)" : "@m\($0)" }.joined(separator: " ")
      }
      let comment = try await story.comment(text(20), on: idea, by: crowd[0])
      #expect(try await ReadThread.mentions(of: [comment], in: pool)[comment.id]?.count == 20)
      await #expect(throws: Invalid.self) {
        try await story.comment(text(21), on: idea, by: crowd[0])
      }
    }
  }

  @Test func `a curator removes a comment and puts it back, on record`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let idea = try await story.idea(by: ada)
      let comment = try await story.comment("rude", on: idea, by: ada)
      func set(_ removed: Bool) async throws -> RemoveComment.Outcome {
        try await pool.transaction {
          try await RemoveComment.run(
            comment.id, removed: removed, reason: "Be kind.", by: curator, in: $0)
        }
      }
      for _ in 0..<2 {
        guard case .done(let now) = try await set(true) else { throw Surprise("not removed") }
        #expect(now.state == .removed && now.reason == "Be kind.")
      }
      #expect(try await ReadThread.run(idea, in: pool).count == 0)
      guard case .done(let back) = try await set(false) else { throw Surprise("not restored") }
      #expect(back.state == .visible && back.text == "rude")
      let record = try await pool.all(
        "SELECT action, reason, before->>'text' FROM audit ORDER BY number",
        as: (String, String, String?).self)
      #expect(record.map(\.0) == ["comment_removed", "comment_restored"])
      #expect(record.allSatisfy { $0.1 == "Be kind." && $0.2 == "rude" })
      await #expect(throws: DatabaseError.self) { try await pool.execute("DELETE FROM audit") }
    }
  }

  @Test func `a locked conversation is for curators`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let idea = try await story.idea(by: ada)
      let comment = try await story.comment("first", on: idea, by: ada)
      func lock(_ locked: Bool) async throws {
        let outcome = try await pool.transaction {
          try await LockConversation.run(
            idea, locked: locked, reason: "Enough.", by: curator, in: $0)
        }
        #expect(outcome == .done)
      }
      try await lock(true)
      let refused = try await pool.transaction {
        try await PostComment.run("more", on: idea, by: ada, in: $0)
      }
      guard case .locked("Enough.") = refused else { throw Surprise("\(refused)") }
      let edit = try await pool.transaction {
        try await EditComment.run("more", comment: comment.id, by: ada, in: $0)
      }
      guard case .locked = edit else { throw Surprise("\(edit)") }
      try await story.comment("The end.", on: idea, official: true, by: curator, role: .curator)
      try await lock(false)
      try await story.comment("Thank you.", on: idea, by: ada)
      let official = try await ReadThread.run(idea, in: pool).official
      #expect(official.map(\.text) == ["The end."])
    }
  }

  @Test func `drafts and removed ideas are not talked about`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let draft = try await story.draft(by: ada)
      func post(_ idea: IdeaID, by member: MemberID) async throws -> PostComment.Outcome {
        try await pool.transaction { try await PostComment.run("x", on: idea, by: member, in: $0) }
      }
      guard case .closed(.draft) = try await post(draft, by: ada) else { throw Surprise("taken") }
      guard case .unknownIdea = try await post(draft, by: bob) else { throw Surprise("taken") }
      guard case .unknownIdea = try await post(.new(), by: bob) else { throw Surprise("taken") }
    }
  }

  @Test func `many talk at once, and every count equals its rows`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(8)
      let idea = try await story.idea(by: crowd[0])
      let root = try await story.comment("root", on: idea, by: crowd[0])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for member in crowd {
          group.addTask {
            for number in 0..<6 {
              let reply = try await story.comment("r", on: idea, to: root.id, by: member)
              try await story.comment("rr", on: idea, to: reply.id, by: member)
              if number % 2 == 0 {
                try await pool.transaction {
                  _ = try await DeleteComment.run(reply.id, by: member, in: $0)
                }
              }
            }
          }
        }
        try await group.waitForAll()
      }
      let wrong = try await pool.one(
        """
        SELECT count(*) FROM comments c WHERE replies <> (
          SELECT count(*) FROM comments d WHERE c.id = ANY(d.path) AND d.id <> c.id
            AND d.state = 'visible')
        """, as: Int64.self)
      #expect(wrong == 0)
      #expect(try await ReadThread.run(idea, in: pool).count == 1 + 8 * 6 * 2 - 8 * 3)
    }
  }
}
