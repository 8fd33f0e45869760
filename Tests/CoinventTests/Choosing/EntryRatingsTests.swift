import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct EntryRatingsTests {
  private func rate(_ scene: RoundScene, _ member: Int, _ entry: Int, _ fun: Int64, _ use: Int64)
    async throws -> RateEntry.Outcome
  {
    let stars = [("fun", fun), ("use", use)].filter { $0.1 > 0 }
    return try await scene.story.rate(
      scene.crowd[member], entry: scene.entries[entry],
      stars.map { (criterion: $0.0, stars: $0.1) }, in: scene.project, of: scene.product)
  }

  @Test func `who has rated enough of the round on all criteria earns, and nobody else`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await RoundScene(
        pool, .ratings, ["criteria": ["fun", "use"]], members: 7, entries: 4)
      // m4 rates three of four, which is enough; m5 two; m6 three, but one of them in part.
      for entry in 0..<3 { _ = try await rate(scene, 4, entry, Int64(entry + 2), 4) }
      for entry in 1..<3 { _ = try await rate(scene, 5, entry, 5, 5) }
      for entry in 1..<4 { _ = try await rate(scene, 6, entry, 3, entry == 3 ? 0 : 3) }
      // m3 made one of the four: three quarters of three are three.
      _ = try await rate(scene, 3, 2, 5, 5)
      let progress = try await rate(scene, 3, 1, 5, 4)
      guard case .rated(let far) = progress else { throw Surprise("\(progress)") }
      #expect(far.complete == 2 && far.entries == 3 && far.needed == 3 && !far.isEnough)
      // The third has 8 + 10 + 6 + 10 stars on 8, and 18 on 6 of three raters who are not there.
      #expect(try await scene.leaders() == [2, 1, 0, 3])
      let score = try await pool.first(
        "SELECT score, count FROM sealed_tallies WHERE rank = 1", as: (Int64, Int64).self)
      #expect(score?.0 == 52_000 / 14 && score?.1 == 4)
      let outcome = try await scene.decide([(2, 1)])
      guard case .decided(_, events: 2) = outcome else { throw Surprise("\(outcome)") }
      #expect(try await scene.events() == ["2 entry 1000000 0 0", "4 vote 1 1 0"])
    }
  }

  @Test func `stars are changed and taken back, and what cannot be is refused`() async throws {
    try await withDatabase { pool in
      let scene = try await RoundScene(
        pool, .ratings, ["criteria": ["fun", "use"]], members: 3, entries: 2)
      _ = try await rate(scene, 2, 0, 1, 1)
      _ = try await rate(scene, 2, 0, 5, 0)
      let mine = try await OwnChoices.of(
        scene.crowd[2], in: scene.project, of: scene.product, limit: 20, db: pool)
      #expect(mine?.choices.map(\.figures) == [[5, 0]] && mine?.progress?.complete == 0)
      guard case .rated = try await rate(scene, 2, 0, 0, 0) else { throw Surprise("taken back") }
      let left = try await pool.one("SELECT count(*) FROM entry_ratings", as: Int64.self)
      #expect(left == 0)
      guard case .ownEntry = try await rate(scene, 0, 0, 5, 5) else { throw Surprise("own") }
      try await scene.story.withdraw(entry: scene.entries[1])
      guard case .notTakingPart = try await rate(scene, 2, 1, 5, 5) else { throw Surprise("gone") }
      guard
        case .unknownEntry = try await scene.story.rate(
          scene.crowd[2], entry: .new(), [("fun", 1)], in: scene.project, of: scene.product)
      else { throw Surprise("no such entry") }
      do {
        try await scene.story.rate(
          scene.crowd[2], entry: scene.entries[0], [("fun", 6), ("fun", 1), ("joy", 1)],
          in: scene.project, of: scene.product)
        throw Surprise("all of it is wrong")
      } catch let invalid as Invalid {
        #expect(
          invalid.fields.map(\.pointer) == [
            "/stars/0/stars", "/stars/1/criterion", "/stars/2/criterion",
          ])
      }
    }
  }
}
