import EventLoop

/// One of something for each event loop, so that what arrives on a loop stays on its thread.
public struct Lanes<Lane: Sendable>: Sendable {
  @usableFromInline let loops: [EventLoop]
  @usableFromInline let lanes: [Lane]

  public init(_ loops: [EventLoop], _ make: (EventLoop) -> Lane) {
    precondition(!loops.isEmpty, "lanes need at least one event loop")
    self.loops = loops
    lanes = loops.map(make)
  }

  /// The lane of the loop that the caller runs on; the first one from elsewhere.
  @inlinable public var current: Lane { lanes[loops.firstIndex { $0.isCurrent } ?? 0] }
}
