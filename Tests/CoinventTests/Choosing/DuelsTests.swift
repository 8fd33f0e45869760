import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct DuelsTests {
  private func pair(_ scene: RoundScene, _ member: Int) async throws -> DuelPair {
    let next = try await scene.story.nextDuel(
      scene.crowd[member], in: scene.project, of: scene.product)
    guard case .pair(let pair, _) = next else { throw Surprise("\(next)") }
    return pair
  }

  private func judge(_ scene: RoundScene, _ member: Int, _ pair: DuelPair, _ winner: EntryID?)
    async throws -> JudgeDuel.Outcome
  {
    try await scene.story.judge(
      pair, winner, by: scene.crowd[member], in: scene.project, of: scene.product)
  }

  @Test func `a pair stays until it is judged or skipped, and is no entry of one's own`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await RoundScene(pool, .duels, members: 4, entries: 3)
      // m0 made the first: only the other two are left.
      let first = try await pair(scene, 0)
      #expect(Set([first.left, first.right]) == Set(scene.entries[1...2]))
      #expect(try await pair(scene, 0) == first)
      guard
        case .winnerOfAnotherPair = try await judge(scene, 0, first, scene.entries[0])
      else { throw Surprise("it is neither") }
      let other = DuelPair(left: scene.entries[0], right: scene.entries[1])
      guard case .notOffered = try await judge(scene, 0, other, other.left) else {
        throw Surprise("it was not offered")
      }
      guard
        case .judged(next: .exhausted(remaining: 99)) = try await judge(
          scene, 0, first, scene.entries[2])
      else { throw Surprise("there is no other pair") }
      guard case .notOffered = try await judge(scene, 0, first, first.left) else {
        throw Surprise("it is judged")
      }
      // Who made none sees all three pairs, in whatever order, and each once.
      var seen: Set<Set<EntryID>> = []
      for _ in 0..<3 {
        let pair = try await pair(scene, 3)
        #expect(seen.insert([pair.left, pair.right]).inserted)
        _ = try await judge(scene, 3, pair, nil)
      }
      guard
        case .exhausted(remaining: 97) = try await scene.story.nextDuel(
          scene.crowd[3], in: scene.project, of: scene.product)
      else { throw Surprise("all are seen") }
    }
  }

  @Test func `a member judges so many pairs, and skipped ones count`() async throws {
    try await withDatabase { pool in
      let scene = try await RoundScene(
        pool, .duels, ["duels_per_member": 2], members: 6, entries: 5)
      let first = try await pair(scene, 5)
      let skipped = try await judge(scene, 5, first, nil)
      guard case .judged(next: .pair(let second, remaining: 1)) = skipped else {
        throw Surprise("one is left")
      }
      guard case .judged(next: .noneLeft(of: 2)) = try await judge(scene, 5, second, second.left)
      else { throw Surprise("none is left") }
      guard case .noneLeft(of: 2) = try await judge(scene, 5, second, second.left) else {
        throw Surprise("none is left")
      }
      let mine = try await OwnChoices.of(
        scene.crowd[5], in: scene.project, of: scene.product, limit: 20, db: pool)
      #expect(mine?.remaining == 0)
    }
  }

  @Test func `a pair of which one is withdrawn is exchanged`() async throws {
    try await withDatabase { pool in
      let scene = try await RoundScene(pool, .duels, members: 4, entries: 3)
      let first = try await pair(scene, 3)
      try await scene.story.withdraw(entry: first.left)
      guard case .notOffered = try await judge(scene, 3, first, first.right) else {
        throw Surprise("one is gone")
      }
      let next = try await pair(scene, 3)
      #expect(next.left != first.left && next.right != first.left)
    }
  }

  @Test(arguments: ["elo", "bradley_terry"])
  func `who wins leads, and who preferred the pick earns`(model: String) async throws {
    try await withDatabase { pool in
      let scene = try await RoundScene(
        pool, .duels, ["model": .string(model)], members: 8, entries: 4)
      // Everybody prefers the later entry of the two.
      for member in 4..<8 {
        for _ in 0..<6 {
          let pair = try await pair(scene, member)
          let places = [pair.left, pair.right].compactMap(scene.entries.firstIndex(of:))
          _ = try await judge(scene, member, pair, scene.entries[places.max() ?? 0])
        }
      }
      #expect(try await scene.leaders(isCurator: true, at: Story.Round.chooses) == [3, 2, 1, 0])
      #expect(try await scene.leaders() == [3, 2, 1, 0])
      let outcome = try await scene.decide([(3, 1)])
      guard case .decided(_, events: 5) = outcome else { throw Surprise("\(outcome)") }
      let events = try await scene.events()
      // Of four entries each member has preferred three.
      #expect(events.first == "3 entry 1000000 0 0")
      #expect(events.dropFirst().allSatisfy { $0.contains("vote 1 3 ") })
    }
  }

  @Test func `in a round of 4659 names all are compared, and the best are found`() async throws {
    try await withDatabase(configure: { $0.size = 8 }) { pool in
      let names = 4659
      let scene = try await RoundScene(
        pool, .duels, ["duels_per_member": 1000, "leaders": 20], members: 32, entries: 0)
      let makers = try await scene.story.crowd(5, prefix: "maker")
      let entries = try await scene.story.enter(
        (0..<names).map { makers[$0 % 5] }, in: scene.project, of: scene.product)
      // Planted: a few that everybody prefers to any other; the rest are a matter of taste.
      let best = Set([17, 800, 2222, 3100, 4658].map { entries[$0] })
      let clock = ContinuousClock()
      let times = try await withThrowingTaskGroup(of: [Duration].self) { group in
        for (number, member) in scene.crowd.enumerated() {
          group.addTask {
            var random = Seeded(seed: UInt64(number + 1))
            var times: [Duration] = []
            var next = try await scene.story.nextDuel(
              member, in: scene.project, of: scene.product)
            for _ in 0..<640 {
              guard case .pair(let pair, _) = next else { throw Surprise("\(next)") }
              let strengths = [pair.left, pair.right].map { best.contains($0) ? 1_000_000 : 1 }
              let draw = Int.random(in: 0..<strengths[0] + strengths[1], using: &random)
              let winner = draw < strengths[0] ? pair.left : pair.right
              let start = clock.now
              let judged = try await scene.story.judge(
                pair, winner, by: member, in: scene.project, of: scene.product)
              guard case .judged(let following) = judged else { throw Surprise("\(judged)") }
              times.append(clock.now - start)
              next = following
            }
            return times
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }.sorted()
      }
      let (middle, slow) = (times[times.count / 2], times[times.count * 99 / 100])
      print("\(times.count) duels, judged with the next pair: p50 \(middle), p99 \(slow)")
      print("one alone: p50 \(try await alone(scene, clock))")
      let (least, most) = try await pool.one(
        "SELECT min(duels)::bigint, max(duels)::bigint FROM duel_standings",
        as: (Int64, Int64).self)
      print("compared: \(least) to \(most) times")
      #expect(least >= 1)
      let start = clock.now
      let outcome = try await scene.story.leaders(scene.project, of: scene.product)
      print("sealed in \(clock.now - start)")
      guard case .leaders(let found) = outcome else { throw Surprise("\(outcome)") }
      #expect(best.isSubset(of: found.leaders.map(\.entry)))
    }
  }

  /// What a member waits for when nobody else judges.
  private func alone(_ scene: RoundScene, _ clock: ContinuousClock) async throws -> Duration {
    let member = try await scene.story.member("late")
    var times: [Duration] = []
    for _ in 0..<200 {
      let start = clock.now
      let next = try await scene.story.nextDuel(member, in: scene.project, of: scene.product)
      guard case .pair(let pair, _) = next else { throw Surprise("\(next)") }
      _ = try await scene.story.judge(
        pair, pair.left, by: member, in: scene.project, of: scene.product)
      times.append(clock.now - start)
    }
    return times.sorted()[100]
  }

  @Test func `the next pair is found by index`() async throws {
    try await withDatabase { pool in
      let scene = try await RoundScene(pool, .duels, members: 6, entries: 0)
      _ = try await scene.story.enter(
        (0..<4659).map { scene.crowd[$0 % 5] }, in: scene.project, of: scene.product)
      try await pool.execute("ANALYZE")
      // Scans are counted when the transactions that made them have ended.
      func scans() async throws -> Int64 {
        try await pool.execute("SELECT pg_stat_force_next_flush()")
        return try await pool.one(
          """
          SELECT sum(seq_tup_read)::bigint FROM pg_stat_user_tables
          WHERE relname IN ('duel_standings', 'project_entries', 'entry_makers')
          """, as: Int64.self)
      }
      let before = try await scans()
      for _ in 0..<20 {
        let pair = try await pair(scene, 5)
        _ = try await judge(scene, 5, pair, pair.left)
      }
      try await Task.sleep(for: .milliseconds(1200))
      #expect(try await scans() - before < 4659)
    }
  }
}
