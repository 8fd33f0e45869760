import EventLoop

/// One of something for each event loop, so that what arrives on a loop stays on its thread.
public struct Lanes<Lane: Sendable>: Sendable {
  private let loops: [EventLoop]
  private let lanes: [Lane]

  public init(_ loops: [EventLoop], _ make: (EventLoop) -> Lane) {
    precondition(!loops.isEmpty, "lanes need at least one event loop")
    self.loops = loops
    lanes = loops.map(make)
  }

  /// The lane of the loop that the caller runs on; the first one from elsewhere.
  public var current: Lane {
    for (loop, lane) in zip(loops, lanes).dropFirst() where loop.isCurrent { return lane }
    return lanes[0]
  }
}
