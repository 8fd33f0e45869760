/// How long to wait before the next try: doubling, bounded, and spread so that many do not return
/// at once.
public struct Backoff: Sendable {
  public var first: Duration
  public var longest: Duration

  public init(first: Duration = .milliseconds(500), longest: Duration = .seconds(600)) {
    self.first = first
    self.longest = longest
  }

  /// - Parameter tries: how many have failed so far.
  public func delay(after tries: Int) -> Duration {
    let doubled = first * (1 << min(max(tries, 0), 20))
    return min(doubled, longest) * Int.random(in: 80...120) / 100
  }
}
