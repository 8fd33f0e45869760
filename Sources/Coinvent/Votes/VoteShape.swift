import EventLoop

/// Remembers that a community has had a budget of votes: from then on its votes are judged one by
/// one at once. What it remembers only spares a statement; that one finds out for itself.
public final class VoteShape: Sendable {
  private let known = Locked(false)

  public init() {}

  var hasBudget: Bool { known.withLock { $0 } }

  func noteBudget() { known.withLock { $0 = true } }
}
