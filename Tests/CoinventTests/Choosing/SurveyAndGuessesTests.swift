import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct SurveyAndGuessesTests {
  @Test func `each member with a complete answer earns once, and nobody wins`() async throws {
    try await withDatabase { pool in
      let scene = try await RoundScene(
        pool, .survey, ["complete_fields": ["age", "why"]], slice: .research, members: 4,
        entries: 0)
      func answer(_ member: Int, _ answers: JSON) async throws {
        _ = try await scene.story.enter(
          [scene.crowd[member]], in: scene.project, of: scene.product, answers: answers)
      }
      try await answer(0, ["age": 30, "why": "Tea."])
      try await answer(0, ["age": 31, "why": "More tea."])
      try await answer(1, ["age": 30, "why": "  "])
      try await answer(2, ["why": "Tea."])
      try await answer(3, ["age": 0, "why": ["tea"]])
      let early = try await scene.story.leaders(
        scene.project, of: scene.product, isCurator: true, at: Story.Round.chooses)
      guard case .notClosed = early else { throw Surprise("\(early)") }
      #expect(try await scene.leaders() == [])
      let wish = DecideProject.Wish(
        picks: [.init(entry: .new())], reason: "Thank you.")
      guard
        case .takesNoPicks = try await scene.story.decide(
          scene.project, of: scene.product, wish, by: scene.curator)
      else { throw Surprise("nobody wins") }
      let outcome = try await scene.decide([])
      guard case .decided(_, events: 2) = outcome else { throw Surprise("\(outcome)") }
      #expect(try await scene.events() == ["0  1 0 0", "3  1 0 0"])
    }
  }

  @Test func `the last guess before the end counts, and is held to the final price`() async throws {
    try await withDatabase { pool in
      let scene = try await RoundScene(
        pool, .guesses, ["currency": "USD"], slice: .pricing, members: 4, entries: 0)
      func guess(_ member: Int, _ nanos: Int64?, at now: Timestamp = Story.Round.chooses)
        async throws -> GuessPrice.Outcome
      {
        try await scene.story.guess(
          scene.crowd[member], nanos, in: scene.project, of: scene.product, at: now)
      }
      _ = try await guess(0, 20_000_000_000)
      _ = try await guess(0, 24_000_000_000)
      _ = try await guess(1, 30_000_000_000)
      _ = try await guess(2, 1)
      guard case .takenBack = try await guess(2, nil) else { throw Surprise("taken back") }
      guard case .refused(.closed) = try await guess(3, 25_000_000_000, at: Story.Round.closes)
      else { throw Surprise("it is over") }
      do {
        _ = try await guess(3, 0)
        throw Surprise("nothing costs nothing")
      } catch let invalid as Invalid {
        #expect(invalid.fields.map(\.pointer) == ["/price"])
      }
      let early = try await scene.story.leaders(
        scene.project, of: scene.product, isCurator: true, at: Story.Round.chooses)
      guard case .notClosed = early else { throw Surprise("\(early)") }
      guard case .priceMissing = try await scene.decide([]) else { throw Surprise("no price") }
      let wish = DecideProject.Wish(reason: "As the market says.", finalPrice: 25_000_000_000)
      let outcome = try await scene.story.decide(
        scene.project, of: scene.product, wish, by: scene.curator)
      guard case .decided(_, events: 2) = outcome else { throw Surprise("\(outcome)") }
      let guesses = try await pool.all(
        """
        SELECT value, target FROM influence_events
        WHERE slice = 'pricing' ORDER BY value
        """, as: (Int64, Int64).self)
      #expect(guesses.map(\.0) == [24_000_000_000, 30_000_000_000])
      #expect(guesses.allSatisfy { $0.1 == 25_000_000_000 })
      let found = try await ProjectDecision.find(scene.project, of: scene.product, in: pool)
      #expect(found?.finalPrice?.decimal == "25.00")
    }
  }
}
