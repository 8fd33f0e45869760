import Foundation
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Rings that were planted among honest votes are found, and honest members are left alone.
@Suite struct RingsTests {
  /// COINVENT_RING_VOTES=100000 for the larger run.
  static let honest =
    Int64(ProcessInfo.processInfo.environment["COINVENT_RING_VOTES"] ?? "") ?? 20_000

  @Test(.timeLimit(.minutes(10)), arguments: [Int64(0), 25, 50])
  func `rings of 5, 20 and 100 are found with camouflage, and nearly nobody else`(
    camouflage: Int64
  ) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      try await story.budget(.none, holdScore: 600)
      let start = Timestamp.now + .seconds(600)
      try await plant(camouflage, from: start, in: pool)
      let report = try await WatchVotes.run(at: start + .seconds(8 * 86_400), in: pool)
      #expect(report.held >= 3)
      try await judge("camouflage \(camouflage) %", in: pool)
      #expect(try await Verify.run(pool: pool).first == nil)
      // All that was there has been looked at: a second worker finds nothing.
      let more = try await WatchVotes.run(at: start + .seconds(8 * 86_400), in: pool)
      #expect(more.didNothing && more.slices == 0)
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: [Int64(0), 25, 50])
  func `rings that take seven days are found as well`(camouflage: Int64) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      try await story.budget(.none, holdScore: 600)
      let start = Timestamp.now + .seconds(600)
      try await plant(camouflage, isSlow: true, from: start, in: pool)
      let began = ContinuousClock.now
      _ = try await WatchVotes.run(at: start + .seconds(8 * 86_400), in: pool)
      print("slow, camouflage \(camouflage) %: \(ContinuousClock.now - began)")
      try await judge("slow, camouflage \(camouflage) %", in: pool)
      let methods = try await VoteSignal.list(state: .held, in: pool).map(\.method)
      #expect(methods.contains(FindTogether.method))
      #expect(try await Verify.run(pool: pool).first == nil)
    }
  }

  @Test func `members of one taste are no ring, nor are two who agree, but five are`() throws {
    // Sixty ideas; hundreds of members choose six of the first twenty by themselves.
    var random = Chance(state: 42)
    let ideas = (0..<60).map { _ in Postgres.UUID.v7() }
    var voters = [[Postgres.UUID]](repeating: [], count: ideas.count)
    var active: [Postgres.UUID] = []
    func vote(_ choice: Set<Int>) {
      let member = Postgres.UUID.v7()
      active.append(member)
      for idea in choice { voters[idea].append(member) }
    }
    for _ in 0..<400 {
      var choice: Set<Int> = []
      while choice.count < 6 { choice.insert(Int(random.next() % 20)) }
      vote(choice)
    }
    func edges() -> [FindLockstep.Edge] {
      FindTogether.World(Array(zip(ideas, voters)), active: active).edges()
    }
    #expect(edges().isEmpty)
    for _ in 0..<2 { vote(Set(30..<38)) }
    #expect(edges().isEmpty)
    for _ in 0..<3 { vote(Set(30..<38)) }
    let found = edges()
    #expect(found.count == 10 && found.allSatisfy { $0.ideas.count == 8 })
    #expect(Set(found.flatMap { [$0.a, $0.b] }) == Set(active.suffix(5)))
  }

  private struct Chance: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }

  /// Nine tenths of each ring are held, and of a thousand honest members at most one.
  private func judge(_ scene: String, in pool: Pool) async throws {
    for size in [5, 20, 100] as [Int64] {
      let found = try await pool.one(
        """
        SELECT count(DISTINCT member_id) FROM held_votes JOIN members ON id = member_id
        WHERE handle LIKE \("ring\(size)_%")
        """, as: Int64.self)
      print("\(scene): \(found) of a ring of \(size) were held")
      #expect(found * 10 >= size * 9, "\(found) of \(size), \(scene)")
    }
    let (honest, touched, named) = try await pool.one(
      """
      SELECT (SELECT count(*) FROM members WHERE handle LIKE 'honest%'),
        (SELECT count(DISTINCT member_id) FROM held_votes JOIN members ON id = member_id
         WHERE handle LIKE 'honest%'),
        (SELECT count(DISTINCT member_id) FROM vote_signal_votes v
         JOIN members ON id = member_id JOIN vote_signals s ON s.id = v.signal_id
         WHERE handle LIKE 'honest%' AND s.kind = 'lockstep')
      """, as: (Int64, Int64, Int64).self)
    print(
      "\(scene): of \(honest) honest members \(touched) were touched, "
        + "\(named) named by a lockstep signal")
    #expect(touched * 1000 <= honest)
  }

  /// Honest votes in seven days by members with one to three to a network, an idea that everybody
  /// hears of in one hour, and three rings with eight targets each.
  ///
  /// A ring is at each target within four minutes; a slow one takes the seven days.
  private func plant(
    _ camouflage: Int64, isSlow: Bool = false, from start: Timestamp, in pool: Pool
  ) async throws {
    let members = Self.honest / 6
    let extra = 8 * camouflage / (100 - camouflage)
    try await pool.transaction { tx in
      try await tx.execute("SELECT setseed(0.42)")
      try await tx.execute(
        """
        INSERT INTO members (id, handle, display_name, role, joined_at)
        SELECT gen_random_uuid(), 'honest' || n, 'Honest', 'member', \(start) - interval '60 days'
        FROM generate_series(1, \(members)) AS n
        UNION ALL
        SELECT gen_random_uuid(), 'ring' || s || '_' || n, 'Ring', 'member',
               \(start) - interval '9 days'
        FROM unnest(ARRAY[5, 20, 100]) AS s, generate_series(1, s) AS n
        """)
      try await tx.execute(
        """
        INSERT INTO ideas (id, author_id, title, pitch, problem, solution, category, state,
                           opened_at, created_at)
        SELECT gen_random_uuid(), (SELECT id FROM members WHERE handle = 'policy_maker'),
               'Idea number ' || n, 'p', 'p', 's', 'home', 'open', \(start), \(start)
        FROM generate_series(1, 200) AS n
        """)
      try await tx.execute(
        """
        CREATE TEMP TABLE plan ON COMMIT DROP AS
        SELECT 'honest' || (1 + floor(random() * \(members)))::int AS handle,
               1 + floor(200 * random() * random())::int AS idea,
               \(start) + random() * interval '7 days' AS cast_at
        FROM generate_series(1, \(Self.honest))
        UNION ALL
        SELECT 'honest' || (1 + floor(random() * \(members)))::int, 150,
               \(start) + interval '3 days' + random() * interval '1 hour'
        FROM generate_series(1, 300)
        UNION ALL
        SELECT 'ring' || s || '_' || n, 10 + (s * 7 + t * 23) % 190,
               \(start) + CASE WHEN \(isSlow) THEN random() * interval '7 days'
                 ELSE t * interval '17 hours' + s * interval '3 minutes'
                   + random() * interval '4 minutes' END
        FROM unnest(ARRAY[5, 20, 100]) AS s, generate_series(1, s) AS n, generate_series(1, 8) AS t
        UNION ALL
        SELECT 'ring' || s || '_' || n, 1 + floor(200 * random())::int,
               \(start) + random() * interval '7 days'
        FROM unnest(ARRAY[5, 20, 100]) AS s, generate_series(1, s) AS n,
             generate_series(1, \(extra)) AS t
        """)
      try await tx.execute(
        """
        INSERT INTO votes (idea_id, member_id, cast_at, origin)
        SELECT i.id, m.id, p.cast_at, hashtext(m.handle) / 3
        FROM plan p JOIN members m USING (handle) JOIN ideas i ON i.title = 'Idea number ' || p.idea
        ORDER BY p.cast_at ON CONFLICT DO NOTHING
        """)
      try await tx.execute(
        "UPDATE tallies t SET votes = (SELECT count(*) FROM votes v WHERE v.idea_id = t.idea_id)")
    }
    try await pool.execute("ANALYZE votes")
  }

  @Test func `bursts, shared networks, young accounts and exchanges are told with their evidence`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let start = Timestamp.now + .seconds(600)
      let crowd = try await story.crowd(14)
      let idea = try await story.idea(by: crowd[0], at: start)
      let wishes = crowd[1...12].map {
        CastVotes.Wish(
          idea: idea, member: $0, voted: true, mark: VoteMark(origin: 77, session: nil))
      }
      _ = try await CastVotes.run(wishes, at: start + .seconds(60), in: pool)
      // Two members for each other's ideas.
      for _ in 0..<3 {
        for (one, other) in [(crowd[12], crowd[13]), (crowd[13], crowd[12])] {
          try await story.vote(
            one, for: try await story.idea(by: other, at: start), at: start + .seconds(7200))
        }
      }
      #expect(try await WatchVotes.run(at: start + .seconds(86_400), in: pool).signals > 0)
      let signals = try await VoteSignal.list(idea: idea, in: pool)
      #expect(Set(signals.map(\.kind)) == [.burst, .origin])
      #expect(signals.allSatisfy { $0.state == .open && $0.method.hasSuffix("/1") })
      #expect(try await VoteSignal.list(in: pool).contains { $0.kind == .reciprocal })
      let burst = try #require(signals.first { $0.kind == .burst })
      #expect(burst.evidence.contains("\"votes\": 12"))
      #expect(try await VoteSignal.find(burst.id, in: pool)?.votes.count == 12)
    }
  }
}
