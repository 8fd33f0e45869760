import Coinvent
import Postgres
import TestSupport
import Testing

@Suite struct RatingsTests {
  @Test func `a rating is changed and taken back until the session closes`() async throws {
    try await withDatabase { pool in
      let (story, curator, ideas) = try await scene(pool, ideas: 2)
      let bob = try await story.member("bob")
      let eve = try await story.member("eve")
      let session = try await story.planned(ideas, by: curator)
      guard
        case .notLive(.planned) = try await story.rate(ideas[0], ["fun": 1], by: bob, in: session)
      else { throw Surprise("it is not live yet") }
      _ = try await story.start(session, by: curator)
      _ = try await story.rate(ideas[0], ["fun": 1, "price": 3], by: bob, in: session)
      _ = try await story.rate(ideas[0], ["fun": 4], by: eve, in: session)
      #expect(try await counts(session, pool)[0] == [[1, 0, 0, 1, 0], [0, 0, 1]])
      _ = try await story.rate(ideas[0], ["fun": 5], by: bob, in: session)
      #expect(try await counts(session, pool)[0] == [[0, 0, 0, 1, 1], [0, 0, 0]])
      _ = try await story.rate(ideas[0], [:], by: eve, in: session)
      _ = try await story.rate(ideas[0], [:], by: eve, in: session)
      #expect(try await counts(session, pool) == [[[0, 0, 0, 0, 1], [0, 0, 0]], Self.none])
      let mine = try await RateIdea.ratings(of: bob, in: session, db: pool)
      #expect(mine.map(\.idea) == [ideas[0]])
      #expect(mine.first?.scores == [.init(criterion: "fun", score: 5)])
      _ = try await story.close(session, carrying: true, by: curator)
      guard
        case .notLive(.closed) = try await story.rate(ideas[0], ["fun": 1], by: bob, in: session)
      else { throw Surprise("it is closed") }
      #expect(try await counts(session, pool)[0] == [[0, 0, 0, 0, 1], [0, 0, 0]])
    }
  }

  @Test func `nobody rates an idea of their own, or off the agenda or the scale`() async throws {
    try await withDatabase { pool in
      let (story, curator, ideas) = try await scene(pool, ideas: 1)
      let session = try await story.planned(ideas, by: curator)
      _ = try await story.start(session, by: curator)
      let author = try #require(try await FindIdeas.run(ideas, in: pool)[0]).authorID
      let bob = try await story.member("bob")
      guard case .ownIdea = try await story.rate(ideas[0], ["fun": 5], by: author, in: session)
      else { throw Surprise("it is their own") }
      guard case .notOnAgenda = try await story.rate(.new(), ["fun": 5], by: bob, in: session)
      else { throw Surprise("that is not on the agenda") }
      guard case .unknown = try await story.rate(ideas[0], ["fun": 5], by: bob, in: .new())
      else { throw Surprise("there is no such session") }
      for (scores, pointer) in [
        (["fun": 6], "/scores/0/score"), (["price": 0], "/scores/0/score"),
        (["size": 1], "/scores/0/criterion"),
      ] as [([String: Int64], String)] {
        do {
          _ = try await story.rate(ideas[0], scores, by: bob, in: session)
          Issue.record("\(scores) cannot be taken")
        } catch let invalid as Invalid {
          #expect(invalid.fields.map(\.pointer) == [pointer])
        }
      }
      #expect(try await counts(session, pool) == [Self.none])
    }
  }

  @Test func `whatever members do at once, the counts are those of the ratings`() async throws {
    try await withDatabase { pool in
      let (story, curator, ideas) = try await scene(pool, ideas: 2)
      let members = try await story.crowd(12)
      let session = try await story.planned(ideas, by: curator)
      _ = try await story.start(session, by: curator)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for member in members {
          group.addTask {
            for _ in 0..<8 {
              var scores: [String: Int64] = [:]
              if Bool.random() { scores["fun"] = .random(in: 1...5) }
              if Bool.random() { scores["price"] = .random(in: 1...3) }
              guard let idea = ideas.randomElement() else { return }
              _ = try await story.rate(idea, scores, by: member, in: session)
            }
          }
        }
        group.addTask {
          try await Task.sleep(for: .milliseconds(100))
          _ = try await story.close(session, carrying: true, by: curator)
        }
        try await group.waitForAll()
      }
      let wrong = try await pool.one(
        """
        SELECT count(*) FROM evaluation_tallies AS t, unnest(counts) WITH ORDINALITY AS c (n, score)
        WHERE n <> (SELECT count(*) FROM evaluation_ratings AS r
                    WHERE r.idea_id = t.idea_id AND r.criterion = t.criterion
                      AND r.score = c.score)
        """, as: Int64.self)
      #expect(wrong == 0)
    }
  }

  static let none: [[Int64]] = [[0, 0, 0, 0, 0], [0, 0, 0]]

  private func counts(_ id: EvaluationID, _ pool: Pool) async throws -> [[[Int64]]] {
    let tally = try #require(try await EvaluationTally.read(id, in: pool))
    return tally.entries.map { $0.marks.map(\.counts) }
  }
}
