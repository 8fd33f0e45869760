import Synchronization

/// What a pool is doing now, and what it has done since it started.
public struct PoolFigures: Sendable, Equatable {
  /// The most connections it may have.
  public var size = 0
  /// Connections open to be shared by single statements.
  public var shared = 0
  /// Exclusive connections that a transaction or session holds.
  public var inUse = 0
  /// Exclusive connections open and free.
  public var idle = 0
  /// Statements and callers that wait for a connection.
  public var waiting = 0
  /// Statements sent on shared connections and not yet answered.
  public var underWay = 0
  /// Connections opened.
  public var opened = 0
  /// Connections that died.
  public var lost = 0
  /// Statements, transactions and sessions that came to an end.
  public var served = 0
}

/// The counters behind the figures; written on the loops, read anywhere.
final class Counters: Sendable {
  let shared = Atomic<Int>(0)
  let queued = Atomic<Int>(0)
  let underWay = Atomic<Int>(0)
  let opened = Atomic<Int>(0)
  let lost = Atomic<Int>(0)
  let served = Atomic<Int>(0)
}

extension Atomic where Value == Int {
  func add(_ amount: Int) { wrappingAdd(amount, ordering: .relaxed) }
  var value: Int { load(ordering: .relaxed) }
}
