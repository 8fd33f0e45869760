import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct DecideProjectTests {
  /// Entries of m0 … m3; m4 … m6 vote so that they rank 2, 1, 0, 3. Three of them lead.
  private func scene(_ pool: Pool) async throws -> RoundScene {
    let scene = try await RoundScene(pool, .votes, ["leaders": 3], members: 7, entries: 4)
    for (member, entry) in [(4, 2), (4, 1), (5, 2), (5, 1), (6, 2), (6, 0)] {
      _ = try await scene.vote(member, entry)
    }
    return scene
  }

  @Test func `picks share by weight, and those who made and chose them earn`() async throws {
    try await withDatabase { pool in
      let scene = try await scene(pool)
      let outcome = try await scene.decide([(2, 3), (1, 1)])
      guard case .decided(let project, events: 7) = outcome else { throw Surprise("\(outcome)") }
      #expect(project.state == .decided && project.reason == "It sings best.")
      #expect(
        try await scene.events() == [
          "1 entry 1000000 0 0", "2 entry 3000000 0 0", "4 vote 1 2 1", "4 vote 3 2 1",
          "5 vote 1 2 2", "5 vote 3 2 2", "6 vote 3 2 3",
        ])
      // Running the adoption again adds nothing.
      let again = try await pool.transaction { tx in
        _ = try await AddEvents.hold(scene.product, in: tx)
        return try await AdoptEntries.run(project: project, by: nil, in: tx)
      }
      #expect(again == 0)
      guard case .alreadyDecided = try await scene.decide([(2, 1)]) else {
        throw Surprise("a decision stays")
      }
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE projects SET reason = 'Another.'")
      }
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("DELETE FROM project_picks")
      }
      let told = try await pool.all(
        "SELECT cardinality(recipients)::bigint FROM notices WHERE kind = 'project_decided'",
        as: Int64.self)
      #expect(told == [2, 2])
      let audited = try await pool.one(
        "SELECT count(*) FROM audit WHERE action = 'project_decided'", as: Int64.self)
      #expect(audited == 1)
    }
  }

  @Test func `a team shares what its entry earns by its split`() async throws {
    try await withDatabase { pool in
      let scene = try await RoundScene(pool, .curator, slice: .design, members: 2, entries: 0)
      let team = try await scene.story.enter(
        team: [(scene.crowd[0], 250_000), (scene.crowd[1], 750_000)], in: scene.project,
        of: scene.product)
      let wish = DecideProject.Wish(picks: [.init(entry: team, weight: 2)], reason: "Fine.")
      let outcome = try await scene.story.decide(
        scene.project, of: scene.product, wish, by: scene.curator)
      guard case .decided(_, events: 2) = outcome else { throw Surprise("\(outcome)") }
      #expect(try await scene.events() == ["0 entry 500000 0 0", "1 entry 1500000 0 0"])
    }
  }

  @Test func `outside the leaders nothing is picked without a reason of its own`() async throws {
    try await withDatabase { pool in
      let scene = try await scene(pool)
      guard case .notLeading([1]) = try await scene.decide([(2, 1), (3, 1)]) else {
        throw Surprise("the fourth does not lead")
      }
      let outcome = try await scene.decide([(3, 1)], override: "The others are taken names.")
      guard case .decided(_, events: 1) = outcome else { throw Surprise("\(outcome)") }
      let found = try await ProjectDecision.find(scene.project, of: scene.product, in: pool)
      #expect(found?.overrideReason == "The others are taken names.")
      #expect(found?.picks.map(\.entry) == [scene.entries[3]] && found?.adopted == true)
    }
  }

  @Test func `what cannot be decided is named`() async throws {
    try await withDatabase { pool in
      let scene = try await scene(pool)
      func decide(_ wish: DecideProject.Wish, at now: Timestamp = Story.Round.after) async throws
        -> DecideProject.Outcome
      {
        try await scene.story.decide(
          scene.project, of: scene.product, wish, by: scene.curator, at: now)
      }
      let first = DecideProject.Pick(entry: scene.entries[2])
      func wish(_ picks: [DecideProject.Pick], adopts: Bool = true, price: Int64? = nil)
        -> DecideProject.Wish
      {
        DecideProject.Wish(adopts: adopts, picks: picks, reason: "So.", finalPrice: price)
      }
      guard case .notClosed = try await decide(wish([first]), at: Story.Round.chooses) else {
        throw Surprise("members still choose")
      }
      guard case .picksMissing = try await decide(wish([])) else { throw Surprise("no picks") }
      guard case .takesNoPicks = try await decide(wish([first], adopts: false)) else {
        throw Surprise("nothing is taken")
      }
      guard case .takesNoPrice = try await decide(wish([first], price: 1)) else {
        throw Surprise("no price was guessed")
      }
      guard
        case .notTakingPart([1]) = try await decide(wish([first, .init(entry: .new())]))
      else { throw Surprise("no such entry") }
      guard
        case .unknown = try await scene.story.decide(
          .new(), of: scene.product, wish([first]), by: scene.curator)
      else { throw Surprise("no such project") }
      guard
        case .ownEntry([0]) = try await scene.story.decide(
          scene.project, of: scene.product, wish([first]), by: scene.crowd[2])
      else { throw Surprise("it is the curator's own") }
      do {
        _ = try await decide(
          DecideProject.Wish(
            picks: [first, .init(entry: first.entry, weight: 0)], reason: " ", overrideReason: "",
            finalPrice: 0))
        throw Surprise("all of it is wrong")
      } catch let invalid as Invalid {
        #expect(
          invalid.fields.map(\.pointer) == [
            "/reason", "/override_reason", "/picks/1/weight", "/picks/1/entry_id", "/final_price",
          ])
      }
      let outcome = try await decide(wish([], adopts: false))
      guard case .decided(_, events: 0) = outcome else { throw Surprise("\(outcome)") }
      #expect(try await scene.events() == [])
    }
  }

  @Test func `a cancelled project is not decided`() async throws {
    try await withDatabase { pool in
      let scene = try await scene(pool)
      try await pool.execute(
        """
        UPDATE projects SET state = 'cancelled', reason = 'No.', ended_at = made_at
        WHERE id = \(scene.project.uuid)
        """)
      guard case .cancelled = try await scene.decide([(2, 1)]) else { throw Surprise("cancelled") }
    }
  }
}
