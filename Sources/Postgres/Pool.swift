import EventLoop
import Synchronization

/// The connections to one database.
///
/// Single statements (`run`, `all`, `execute` …) travel on a few shared connections, many at a
/// time; each is a transaction of its own. Transactions and sessions have a connection for
/// themselves while they last. The pool's connections belong to the given event loops; a caller
/// that runs on one of them is served there, without a change of thread.
public final class Pool: Queryable, Sendable {
  public let configuration: PoolConfiguration
  let loops: [EventLoop]
  let connector: Connector
  let reserve: Reserve
  let counters = Counters()
  let listener: Listener
  private let lanes: [Lane]
  private let turn = Atomic<Int>(0)

  /// - Throws: `DatabaseError` of kind `.closed` when the address cannot be read.
  public init(_ configuration: PoolConfiguration, loops: [EventLoop]) throws {
    precondition(!loops.isEmpty, "a pool needs an event loop")
    self.configuration = configuration
    self.loops = loops
    let connector = try Connector(configuration)
    let counters = counters
    self.connector = connector
    lanes = loops.map {
      Lane(loop: $0, configuration: configuration, connector: connector, counters: counters)
    }
    listener = Listener(
      loop: loops[0], connector: connector, configuration: configuration, counters: counters)
    let shared = max(1, configuration.sharedPerLoop) * loops.count
    reserve = Reserve(
      loops: loops, limit: max(1, configuration.size - shared), configuration: configuration,
      connector: connector, counters: counters)
  }

  /// Opens the shared connections.
  /// - Throws: `DatabaseError` when the database cannot be reached; `start` may be called again.
  public func start() async throws {
    reserve.open()
    do {
      for lane in lanes { try await lane.start() }
    } catch {
      await reserve.stop()
      for lane in lanes { await lane.stop() }
      throw error
    }
  }

  /// Takes nothing new, lets what is under way end (for at most the wait limit) and closes all
  /// connections.
  public func stop() async {
    await listener.stop()
    await reserve.stop()
    for lane in lanes { await lane.stop() }
  }

  /// Runs one statement on a shared connection.
  public func run(_ query: Query) async throws -> QueryResult {
    try await lanes[nearest()].run(query)
  }

  /// The caller's own loop, or any in turn.
  private func nearest() -> Int {
    for index in loops.indices where loops[index].isCurrent { return index }
    let (ticket, _) = turn.wrappingAdd(1, ordering: .relaxed)
    return (ticket & Int.max) % loops.count
  }

  var nearestLoop: EventLoop { loops[nearest()] }

  public var figures: PoolFigures {
    let exclusive = reserve.figures
    return PoolFigures(
      size: configuration.size, shared: counters.shared.value, inUse: exclusive.inUse,
      idle: exclusive.idle, waiting: counters.queued.value + exclusive.waiting,
      underWay: counters.underWay.value, opened: counters.opened.value,
      lost: counters.lost.value, served: counters.served.value)
  }
}
