import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Helpful comments, what they earn, and reactions.
@Suite struct HelpfulTests {
  private struct Scene {
    let story: Story
    let inventor: MemberID
    let ada: MemberID
    let curator: MemberID
    let idea: IdeaID

    init(_ pool: Pool) async throws {
      story = Story(pool)
      inventor = try await story.member("inventor")
      ada = try await story.member("ada")
      curator = try await story.member("curator", role: .curator)
      idea = try await story.idea(by: inventor)
    }

    func mark(
      _ comment: Coinvent.Comment, _ marked: Bool = true, by member: MemberID, role: Role = .member
    ) async throws -> MarkHelpful.Outcome {
      try await story.pool.transaction {
        try await MarkHelpful.run(comment.id, marked: marked, by: member, role: role, in: $0)
      }
    }

    func expectDone(_ outcome: MarkHelpful.Outcome, marks: Int64) {
      guard case .done(let comment) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(comment.helpful == marks)
    }

    /// Who holds how much of the product's discussion slice; nil is the house.
    func discussion(_ product: ProductID) async throws -> [MemberID?: Int64] {
      let influence = try #require(try await Influence.of(product, in: story.pool))
      let shares = influence.shares.filter { $0.slice == "idea_discussion" }
      return Dictionary(shares.map { ($0.member, $0.ppb) }, uniquingKeysWith: +)
    }
  }

  @Test func `the author and curators mark, and nobody their own`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let said = try await scene.story.comment("Use steel.", on: scene.idea, by: scene.ada)
      let own = try await scene.story.comment("I will.", on: scene.idea, by: scene.inventor)
      guard case .notAllowed = try await scene.mark(said, by: scene.story.member("bob")) else {
        throw Surprise("marked")
      }
      guard case .notAllowed = try await scene.mark(said, by: scene.ada) else {
        throw Surprise("marked")
      }
      guard case .ownComment = try await scene.mark(own, by: scene.inventor) else {
        throw Surprise("marked")
      }
      scene.expectDone(try await scene.mark(said, by: scene.inventor), marks: 1)
      scene.expectDone(try await scene.mark(said, by: scene.inventor), marks: 1)
      scene.expectDone(try await scene.mark(said, by: scene.curator, role: .curator), marks: 2)
      scene.expectDone(try await scene.mark(said, false, by: scene.inventor), marks: 1)
      scene.expectDone(try await scene.mark(own, by: scene.curator, role: .curator), marks: 1)
      let mine = try await scene.story.comment(
        "Mine.", on: scene.idea, by: scene.curator, role: .curator)
      guard case .ownComment = try await scene.mark(mine, by: scene.curator, role: .curator) else {
        throw Surprise("marked")
      }
      _ = try await pool.transaction {
        try await DeleteComment.run(said.id, by: scene.ada, in: $0)
      }
      guard case .unknown = try await scene.mark(said, by: scene.inventor) else {
        throw Surprise("marked")
      }
    }
  }

  @Test func `each helpful comment earns one equal part, however many have marked it`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let (story, idea) = (scene.story, scene.idea)
      let bob = try await story.member("bob")
      let first = try await story.comment("one", on: idea, by: scene.ada)
      let second = try await story.comment("two", on: idea, to: first.id, by: scene.ada)
      let third = try await story.comment("three", on: idea, by: bob)
      let gone = try await story.comment("four", on: idea, by: bob)
      let taken = try await story.comment("five", on: idea, by: bob)
      try await story.comment("six", on: idea, by: bob)
      for comment in [first, second, third, gone, taken] {
        scene.expectDone(try await scene.mark(comment, by: scene.inventor), marks: 1)
      }
      scene.expectDone(try await scene.mark(first, by: scene.curator, role: .curator), marks: 2)
      scene.expectDone(try await scene.mark(taken, false, by: scene.inventor), marks: 0)
      _ = try await pool.transaction { try await DeleteComment.run(gone.id, by: bob, in: $0) }
      let product = try await story.accept(idea, by: scene.curator)
      let total = try #require(
        Recipe.standard.parts.first { $0.slice == .ideaDiscussion }?.ppb)
      let shares = try await scene.discussion(product)
      #expect(Set(shares.keys) == [scene.ada, bob])
      #expect(shares.values.reduce(0, +) == total)
      // Two comments of three, to the part.
      #expect(shares[scene.ada] == (total * 2 + 2) / 3 || shares[scene.ada] == total * 2 / 3)
      guard case .counted = try await scene.mark(first, false, by: scene.inventor) else {
        throw Surprise("taken back")
      }
    }
  }

  @Test func `a later mark is a contribution while the shares run, and refused after`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let (story, idea) = (scene.story, scene.idea)
      let bob = try await story.member("bob")
      let early = try await story.comment("one", on: idea, by: scene.ada)
      let late = try await story.comment("two", on: idea, by: bob)
      let never = try await story.comment("three", on: idea, by: bob)
      scene.expectDone(try await scene.mark(early, by: scene.inventor), marks: 1)
      let product = try await story.accept(idea, by: scene.curator)
      #expect(Set(try await scene.discussion(product).keys) == [scene.ada])
      scene.expectDone(try await scene.mark(late, by: scene.curator, role: .curator), marks: 1)
      scene.expectDone(try await scene.mark(late, by: scene.inventor), marks: 2)
      let shares = try await scene.discussion(product)
      #expect(shares[scene.ada] == shares[bob] && shares.count == 2)
      let proposed = try await pool.transaction {
        try await ProposeShares.run(product: product, disputeDays: 0, by: scene.curator, in: $0)
      }
      guard case .proposed = proposed else { throw Surprise("\(proposed)") }
      guard case .sharesFrozen = try await scene.mark(never, by: scene.inventor) else {
        throw Surprise("marked")
      }
      #expect(try await Coinvent.Comment.find(never.id, in: pool)?.helpful == 0)
    }
  }

  @Test func `a recipe without the slice earns nothing, and a later mark says so`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let comment = try await scene.story.comment("one", on: scene.idea, by: scene.ada)
      let recipe = Recipe(
        parts: [Recipe.Part(slice: .inventor, ppb: 1_000_000_000, policy: .named)],
        unclaimed: .house)
      _ = try await scene.story.accept(scene.idea, by: scene.curator, recipe: recipe)
      guard case .noSlice = try await scene.mark(comment, by: scene.inventor) else {
        throw Surprise("marked")
      }
    }
  }

  @Test func `marks and a decision at once: every mark has earned or was refused`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      var comments: [Coinvent.Comment] = []
      for number in 0..<12 {
        comments.append(
          try await scene.story.comment("\(number)", on: scene.idea, by: scene.ada))
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for comment in comments {
          group.addTask { _ = try await scene.mark(comment, by: scene.inventor) }
        }
        group.addTask { _ = try await scene.story.accept(scene.idea, by: scene.curator) }
        try await group.waitForAll()
      }
      let (marks, events) = try await pool.one(
        """
        SELECT (SELECT count(*) FROM helpful_marks),
          (SELECT count(*) FROM influence_events WHERE slice = 'idea_discussion')
        """, as: (Int64, Int64).self)
      #expect(marks == 12 && events == 12)
    }
  }

  @Test func `a member shows each reaction once, and the counts follow`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let crowd = try await scene.story.crowd(6)
      let comment = try await scene.story.comment("one", on: scene.idea, by: scene.ada)
      func react(_ kind: Reaction, _ shown: Bool = true, by member: MemberID) async throws
        -> ReactToComment.Outcome
      {
        try await pool.transaction {
          try await ReactToComment.run(kind, to: comment, shown: shown, by: member, in: $0)
        }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for member in crowd {
          group.addTask {
            for _ in 0..<2 { _ = try await react(.heart, by: member) }
            _ = try await react(.tada, by: member)
            _ = try await react(.tada, false, by: member)
            _ = try await react(.confused, false, by: member)
          }
        }
        try await group.waitForAll()
      }
      let now = try #require(try await Coinvent.Comment.find(comment.id, in: pool))
      #expect(now.reactions == 6)
      #expect(
        try await ReactToComment.counts(of: [now], in: pool) == [comment.id: [.heart: 6]])
      let shown = try await ReactToComment.shown(by: crowd[0], on: [now], in: pool)
      #expect(shown == [comment.id: [.heart]])
      _ = try await pool.transaction {
        try await DeleteComment.run(comment.id, by: scene.ada, in: $0)
      }
      #expect(try await react(.heart, by: crowd[1]) == .unknown)
    }
  }

  @Test func `the most helpful come first, then what is reacted to most`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      var comments: [Coinvent.Comment] = []
      for number in 0..<4 {
        comments.append(
          try await scene.story.comment("\(number)", on: scene.idea, by: scene.ada))
      }
      scene.expectDone(try await scene.mark(comments[2], by: scene.inventor), marks: 1)
      _ = try await pool.transaction {
        try await ReactToComment.run(
          .heart, to: comments[0], shown: true, by: scene.inventor, in: $0)
      }
      let page = try await ReadThread.run(scene.idea, sort: .helpful, in: pool)
      #expect(page.roots.map(\.root.text) == ["2", "0", "3", "1"])
    }
  }
}
