import EventLoop

/// The exclusive connections of a pool: who holds one, which are free, who waits.
final class Reserve: Sendable {
  private let loops: [EventLoop]
  private let limit: Int
  private let configuration: PoolConfiguration
  private let connector: Connector
  private let counters: Counters
  private let state = Locked(State())

  private struct State {
    var isOpen = false
    var idle: [Connection] = []
    /// Held, idle or being opened.
    var total = 0
    var inUse = 0
    var queue = Fifo<Ticket>()
    var waiting = 0
    var stoppers: [CheckedContinuation<Void, Never>] = []
  }

  /// A place in the queue; its continuation is resumed by whoever takes it out.
  private final class Ticket: @unchecked Sendable {
    var continuation: CheckedContinuation<Grant, any Error>?
    var isCancelled = false
  }

  private enum Grant {
    case connection(Connection)
    /// Room for one more, to be opened by the caller.
    case room
  }

  init(
    loops: [EventLoop], limit: Int, configuration: PoolConfiguration, connector: Connector,
    counters: Counters
  ) {
    self.loops = loops
    self.limit = limit
    self.configuration = configuration
    self.connector = connector
    self.counters = counters
  }

  func open() { state.withLock { $0.isOpen = true } }

  var figures: (inUse: Int, idle: Int, waiting: Int) {
    state.withLock { ($0.inUse, $0.idle.count, $0.waiting) }
  }

  // MARK: Taking

  /// A connection for the caller alone, best one of `loop`.
  func acquire(near loop: EventLoop) async throws -> Connection {
    let deadline = ContinuousClock.now + configuration.waitLimit
    var failures = 0
    while true {
      try Task.checkCancellation()
      switch try await grant(near: loop, until: deadline) {
      case .connection(let connection):
        if await connection.isUsable() { return connection }
        await release(connection)
      case .room:
        do {
          return try await connect(on: loop)
        } catch {
          giveBackRoom()
          try await pause(after: failures, until: deadline, error)
          failures += 1
        }
      }
    }
  }

  private func grant(near loop: EventLoop, until deadline: ContinuousClock.Instant) async throws
    -> Grant
  {
    if let grant = try state.withLock({ try take(&$0, near: loop) }) { return grant }
    let ticket = Ticket()
    let timer = Task { [configuration] in
      try await Task.sleep(until: deadline, clock: .continuous)
      withdraw(ticket, Reserve.waited(configuration.waitLimit))
    }
    defer { timer.cancel() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { enqueue(ticket, $0, near: loop) }
    } onCancel: {
      withdraw(ticket, CancellationError())
    }
  }

  /// What can be had at once; nil when the caller has to wait.
  private func take(_ state: inout State, near loop: EventLoop) throws -> Grant? {
    guard state.isOpen else { throw DatabaseError(kind: .closed, message: "the pool is not open") }
    if let index = state.idle.lastIndex(where: { $0.loop === loop }) ?? state.idle.indices.last {
      state.inUse += 1
      return .connection(state.idle.remove(at: index))
    }
    if state.total < limit {
      state.total += 1
      return .room
    }
    guard state.waiting < configuration.queueLimit else {
      let message = "\(state.waiting) callers wait for a connection already"
      throw DatabaseError(kind: .queueFull, message: message)
    }
    return nil
  }

  private func enqueue(
    _ ticket: Ticket, _ continuation: CheckedContinuation<Grant, any Error>, near loop: EventLoop
  ) {
    let outcome: Result<Grant, any Error>? = state.withLock { state in
      if ticket.isCancelled { return .failure(CancellationError()) }
      do {
        if let grant = try take(&state, near: loop) { return .success(grant) }
      } catch {
        return .failure(error)
      }
      ticket.continuation = continuation
      state.queue.append(ticket)
      state.waiting += 1
      return nil
    }
    if let outcome { continuation.resume(with: outcome) }
  }

  private func withdraw(_ ticket: Ticket, _ error: any Error) {
    let continuation = state.withLock { state in
      ticket.isCancelled = true
      guard let continuation = ticket.continuation else {
        return nil as CheckedContinuation<Grant, any Error>?
      }
      ticket.continuation = nil
      state.waiting -= 1
      if state.queue.count > 2 * state.waiting + 64 {
        state.queue.removeAll { $0.continuation == nil }
      }
      return continuation
    }
    continuation?.resume(throwing: error)
  }

  private static func waited(_ limit: Duration) -> DatabaseError {
    DatabaseError(kind: .busy, message: "no connection became free within \(limit)")
  }

  // MARK: Opening

  private func connect(on loop: EventLoop) async throws -> Connection {
    try await withCheckedThrowingContinuation { continuation in
      connector.connect { result in
        loop.execute { continuation.resume(with: result.flatMap { self.adopt($0, loop) }) }
      }
    }
  }

  private func adopt(_ raw: RawConnection, _ loop: EventLoop) -> Result<Connection, DatabaseError> {
    let made = Connection(
      raw, loop: loop, isShared: false, statementLimit: configuration.statementLimit)
    guard let made else {
      return .failure(DatabaseError(kind: .unavailable, message: "the new connection died"))
    }
    made.onLoss = { [weak self, weak made] _, _ in self?.lost(made) }
    counters.opened.add(1)
    state.withLock { $0.inUse += 1 }
    return .success(made)
  }

  /// Waits before the next attempt, or throws when there is no time for one.
  private func pause(
    after failures: Int, until deadline: ContinuousClock.Instant, _ error: any Error
  ) async throws {
    let pause = configuration.pause(after: failures)
    guard ContinuousClock.now + pause < deadline, let error = error as? DatabaseError else {
      throw error
    }
    guard error.kind == .unavailable else { throw error }
    try await Task.sleep(for: pause)
  }

  private func giveBackRoom() {
    let next = state.withLock { state in passRoomOn(&state) }
    next?.resume(returning: .room)
  }

  /// One place became free: to the first who waits, or to nobody.
  private func passRoomOn(_ state: inout State) -> CheckedContinuation<Grant, any Error>? {
    if state.isOpen, let next = nextWaiter(&state) { return next }
    state.total -= 1
    return nil
  }

  private func nextWaiter(_ state: inout State) -> CheckedContinuation<Grant, any Error>? {
    while let ticket = state.queue.popFirst() {
      guard let continuation = ticket.continuation else { continue }
      ticket.continuation = nil
      state.waiting -= 1
      return continuation
    }
    return nil
  }

  // MARK: Giving back

  /// Takes a connection back. One that is not as clean as a fresh one is closed.
  func release(_ connection: Connection) async {
    await withCheckedContinuation { continuation in
      let work: @Sendable () -> Void = {
        self.takeBack(connection)
        continuation.resume()
      }
      if connection.loop.isCurrent { work() } else { connection.loop.execute(work) }
    }
  }

  private func takeBack(_ connection: Connection) {
    let isClean = connection.isClean
    counters.served.add(1)
    let (waiter, grant, isKept) = state.withLock { state in
      state.inUse -= 1
      guard isClean, state.isOpen else { return (passRoomOn(&state), Grant.room, false) }
      if let waiter = nextWaiter(&state) {
        state.inUse += 1
        return (waiter, Grant.connection(connection), true)
      }
      state.idle.append(connection)
      return (nil, Grant.room, true)
    }
    if !isKept { connection.close() }
    waiter?.resume(returning: grant)
    finishStopping()
  }

  /// A connection died. One that is held is taken off the books when it is given back.
  private func lost(_ connection: Connection?) {
    counters.lost.add(1)
    let waiter = state.withLock { state -> CheckedContinuation<Grant, any Error>? in
      guard let index = state.idle.firstIndex(where: { $0 === connection }) else { return nil }
      state.idle.remove(at: index)
      return passRoomOn(&state)
    }
    waiter?.resume(returning: .room)
  }

  // MARK: The end

  /// Lets nobody in any more and closes what is free; returns when all were given back, or after
  /// the wait limit.
  func stop() async {
    let (idle, tickets) = state.withLock { state in
      state.isOpen = false
      let idle = state.idle
      state.idle = []
      state.total -= idle.count
      var waiters: [CheckedContinuation<Grant, any Error>] = []
      while let next = nextWaiter(&state) { waiters.append(next) }
      return (idle, waiters)
    }
    for waiter in tickets {
      waiter.resume(throwing: DatabaseError(kind: .closed, message: "the pool was stopped"))
    }
    for connection in idle { connection.loop.execute { connection.close() } }
    let timer = Task { [configuration] in
      try await Task.sleep(for: configuration.waitLimit)
      endStopping()
    }
    await withCheckedContinuation { continuation in
      state.withLock { $0.stoppers.append(continuation) }
      finishStopping()
    }
    timer.cancel()
    for loop in loops { await settle(loop) }
  }

  /// Returns when the loop has done what it was given before.
  private func settle(_ loop: EventLoop) async {
    await withCheckedContinuation { continuation in
      loop.execute { continuation.resume() }
    }
  }

  private func finishStopping() {
    let isDone = state.withLock { !$0.isOpen && $0.inUse == 0 }
    if isDone { endStopping() }
  }

  private func endStopping() {
    let stoppers = state.withLock { state in
      defer { state.stoppers = [] }
      return state.stoppers
    }
    for stopper in stoppers { stopper.resume() }
  }
}
