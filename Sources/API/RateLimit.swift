import EventLoop

/// A bucket of tokens per key, in memory: so many at once, then one per interval.
public final class RateLimit: Sendable {
  public struct Rule: Sendable {
    /// How many at once.
    public var burst: Int
    /// How long until one more is allowed.
    public var interval: Duration

    public init(burst: Int, interval: Duration) {
      precondition(burst > 0 && interval > .zero, "a limit allows something")
      self.burst = burst
      self.interval = interval
    }
  }

  private let rule: Rule
  /// When the key's bucket will be full again; no entry means it is full now.
  private let full = Locked<[String: ContinuousClock.Instant]>([:])
  private static let most = 100_000

  public init(_ rule: Rule) { self.rule = rule }

  /// Takes one.
  /// - Returns: nil, or how long to wait when there is none.
  func take(_ key: String, now: ContinuousClock.Instant = .now) -> Duration? {
    full.withLock { full in
      let from = max(now, full[key] ?? now)
      let wait = from - now - rule.interval * (rule.burst - 1)
      if wait > .zero { return wait }
      if full.count >= RateLimit.most { RateLimit.prune(&full, now: now) }
      full[key] = from + rule.interval
      return nil
    }
  }

  /// Gives back what a request has taken that turned out to be harmless.
  func giveBack(_ key: String) {
    full.withLock { full in
      guard let until = full[key] else { return }
      full[key] = until - rule.interval
    }
  }

  /// Forgets full buckets; when that is not enough, all of them: memory is bounded first.
  private static func prune(
    _ full: inout [String: ContinuousClock.Instant], now: ContinuousClock.Instant
  ) {
    full = full.filter { $0.value > now }
    if full.count >= most { full.removeAll(keepingCapacity: true) }
  }
}
