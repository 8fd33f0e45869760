import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct JuryTests {
  @Test func `jurors score entries of others, and the mean leads`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let jurors = try await story.crowd(2, prefix: "juror")
      let scene = try await RoundScene(
        pool, .jury, ["jurors": .array(jurors.map { .string("\($0)") })], members: 4, entries: 3)
      func score(_ juror: MemberID, _ entry: Int, _ score: Int64) async throws
        -> ScoreEntry.Outcome
      {
        try await story.score(
          juror, entry: scene.entries[entry], score, in: scene.project, of: scene.product)
      }
      _ = try await score(jurors[0], 0, 70)
      _ = try await score(jurors[1], 0, 81)
      _ = try await score(jurors[0], 1, 0)
      guard case .scored(left: 0) = try await score(jurors[0], 2, 10) else {
        throw Surprise("all are scored")
      }
      guard case .scored(left: 1) = try await score(jurors[1], 2, 80) else {
        throw Surprise("one is left")
      }
      _ = try await score(jurors[0], 2, 75)
      guard case .notJuror = try await score(scene.crowd[3], 0, 100) else {
        throw Surprise("they are no juror")
      }
      do {
        _ = try await score(jurors[0], 0, 101)
        throw Surprise("that is too much")
      } catch let invalid as Invalid {
        #expect(invalid.fields.map(\.pointer) == ["/score"])
      }
      #expect(try await scene.leaders() == [2, 0, 1])
      let scores = try await pool.all(
        "SELECT score FROM sealed_tallies ORDER BY rank", as: Int64.self)
      #expect(scores == [77_500, 75_500, 0])
      let outcome = try await scene.decide([(2, 1)])
      // Jurors earn nothing by it.
      guard case .decided(_, events: 1) = outcome else { throw Surprise("\(outcome)") }
    }
  }

  @Test func `a juror scores neither their own nor what is not there`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let juror = try await story.member("juror")
      let scene = try await RoundScene(
        pool, .jury, ["jurors": [.string("\(juror)")]], members: 2, entries: 2)
      let own = try await story.enter([juror], in: scene.project, of: scene.product)[0]
      func score(_ entry: EntryID) async throws -> ScoreEntry.Outcome {
        try await story.score(juror, entry: entry, 5, in: scene.project, of: scene.product)
      }
      guard case .ownEntry = try await score(own) else { throw Surprise("own") }
      guard case .unknownEntry = try await score(.new()) else { throw Surprise("none") }
      try await story.withdraw(entry: scene.entries[0])
      guard case .notTakingPart = try await score(scene.entries[0]) else { throw Surprise("gone") }
    }
  }
}
