/// Follows values that many clients watch, with one question for all of them at a time.
///
/// Nothing is asked while nobody watches, and nothing more often than once an interval: a value may
/// be that much older than the database, and a thousand who watch cost as much as one.
actor LiveTicker<Key: Hashable & Sendable, Value: Equatable & Sendable> {
  typealias Values = [Key: Value]

  private let interval: Duration
  private let find: @Sendable ([Key]) async throws -> Values
  private var watchers: [Key: Int] = [:]
  private var round: Round?

  /// One question and its answer.
  private struct Round {
    let keys: Set<Key>
    let askedAt: ContinuousClock.Instant
    let answer: Task<Values, any Error>
  }

  /// - Parameters:
  ///   - interval: between two questions.
  ///   - find: the values of these keys; a key without a value is left out.
  init(
    every interval: Duration = .milliseconds(500),
    find: @escaping @Sendable ([Key]) async throws -> Values
  ) {
    self.interval = interval
    self.find = find
  }

  /// Calls `tell` with the values at once, and again whenever some have changed, until it throws or
  /// the task is cancelled. What changes while `tell` waits for a slow client is told once, as it
  /// is then: nothing piles up.
  /// - Parameter tell: gets the values that are new, and the keys that have none any more.
  nonisolated func watch(
    _ keys: Set<Key>,
    _ tell: @Sendable (_ new: Values, _ gone: Set<Key>) async throws -> Void
  ) async throws {
    await begin(keys)
    do {
      var seen: Values = [:]
      var isFirst = true
      while true {
        let now = try await values(of: keys)
        let new = now.filter { seen[$0.key] != $0.value }
        let gone = Set(seen.keys).subtracting(now.keys)
        if isFirst || !new.isEmpty || !gone.isEmpty { try await tell(new, gone) }
        (seen, isFirst) = (now, false)
        try await Task.sleep(for: interval)
      }
    } catch {
      await end(keys)
      throw error
    }
  }

  /// How many keys somebody watches now.
  var watched: Int { watchers.count }

  private func begin(_ keys: Set<Key>) {
    for key in keys { watchers[key, default: 0] += 1 }
  }

  private func end(_ keys: Set<Key>) {
    for key in keys {
      let left = (watchers[key] ?? 1) - 1
      watchers[key] = left == 0 ? nil : left
    }
    if watchers.isEmpty { round = nil }
  }

  /// Of a round that is young enough and asked for these keys too, or of a new one.
  private func values(of keys: Set<Key>) async throws -> Values {
    let now = ContinuousClock.now
    if let round, now - round.askedAt < interval, keys.isSubset(of: round.keys) {
      return try await pick(keys, from: round)
    }
    let all = Array(watchers.keys)
    let next = Round(keys: Set(all), askedAt: now, answer: Task { [find] in try await find(all) })
    round = next
    return try await pick(keys, from: next)
  }

  private func pick(_ keys: Set<Key>, from round: Round) async throws -> Values {
    let all = try await round.answer.value
    return all.filter { keys.contains($0.key) }
  }
}
