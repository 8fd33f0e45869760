import EventLoop

/// The shared connections of one event loop, and the single statements that wait for them.
/// Confined to the loop.
///
/// What arrives during a turn of the loop is sent at its end, each statement on the connection
/// with the fewest under way.
final class Lane: @unchecked Sendable {
  let loop: EventLoop
  private let configuration: PoolConfiguration
  private let connector: Connector
  private let counters: Counters
  private var queue = Fifo<Command>()
  /// Those in the queue that were not cancelled.
  private var waiting = 0
  private var connections: [Connection] = []
  private var opening = 0
  private var failures = 0
  private var lastFailure: DatabaseError?
  private var hook: Int?
  private var expiry: EventLoop.TimerID?
  private var ending: EventLoop.TimerID?
  private var state = State.closed
  private var starters: [CheckedContinuation<Void, any Error>] = []
  private var stoppers: [CheckedContinuation<Void, Never>] = []

  private enum State {
    case closed
    case open
    case stopping
  }

  init(
    loop: EventLoop, configuration: PoolConfiguration, connector: Connector, counters: Counters
  ) {
    self.loop = loop
    self.configuration = configuration
    self.connector = connector
    self.counters = counters
  }

  // MARK: Statements

  /// Runs a statement; called from anywhere, without a hop from the loop itself.
  func run(_ query: Query) async throws -> QueryResult {
    let command = Command(query)
    return try await withTaskCancellationHandler {
      try await command.outcome {
        if loop.isCurrent {
          submit(command)
        } else {
          loop.execute { self.submit(command) }
        }
      }
    } onCancel: {
      loop.execute { self.cancel(command) }
    }
  }

  private func submit(_ command: Command) {
    if command.isCancelled {
      command.resume(throwing: CancellationError())
    } else if state != .open {
      command.resume(throwing: DatabaseError(kind: .closed, message: "the pool is not open"))
    } else if waiting >= configuration.queueLimit {
      let message = "\(waiting) statements wait for the database already"
      command.resume(throwing: DatabaseError(kind: .queueFull, message: message))
    } else {
      if queue.count > 2 * configuration.queueLimit { queue.removeAll { $0.isDone } }
      queue.append(command)
      entered(command)
    }
  }

  private func cancel(_ command: Command) {
    guard !command.isDone else { return }
    command.isCancelled = true
    if let carrier = command.carrier {
      carrier.cancel(command)
    } else if command.isQueued {
      // It stays in the queue as an empty shell, which costs nothing and saves a search.
      left(command)
      command.resume(throwing: CancellationError())
    }
  }

  private func entered(_ command: Command) {
    command.isQueued = true
    waiting += 1
    counters.queued.add(1)
  }

  private func left(_ command: Command) {
    command.isQueued = false
    waiting -= 1
    counters.queued.add(-1)
  }

  /// The end of a turn: sends what there is room for.
  private func dispatch() -> Int32 {
    while !queue.isEmpty, let connection = freest(), let command = queue.popFirst() {
      if command.isDone { continue }
      left(command)
      counters.underWay.add(1)
      command.carrier = connection
      connection.send(command)
    }
    if expiry == nil, !queue.isEmpty { watchExpiry() }
    if state == .stopping { finishStopping() }
    return -1
  }

  private func freest() -> Connection? {
    var best: Connection?
    for connection in connections where connection.flights.count < configuration.pipelineDepth {
      guard let found = best else {
        best = connection
        continue
      }
      if connection.flights.count < found.flights.count { best = connection }
    }
    return best
  }

  // MARK: Waiting too long

  private func watchExpiry() {
    let now = ContinuousClock.now
    let limit = configuration.waitLimit
    // Deadlines are given when waiting begins to matter, not to each statement that passes through.
    for command in queue.all where command.deadline == nil { command.deadline = now + limit }
    expiry = loop.schedule(after: limit / 8) { [weak self] in self?.expire() }
  }

  private func expire() {
    expiry = nil
    let now = ContinuousClock.now
    queue.removeAll { command in
      if command.isDone { return true }
      guard let deadline = command.deadline, deadline <= now else { return false }
      left(command)
      command.resume(throwing: waitedTooLong())
      return true
    }
    if !queue.isEmpty { watchExpiry() }
    finishStopping()
  }

  private func waitedTooLong() -> DatabaseError {
    let limit = configuration.waitLimit
    if connections.isEmpty, let lastFailure {
      return DatabaseError(
        lastFailure, kind: .unavailable,
        message: "the database could not be reached for \(limit): \(lastFailure.message)")
    }
    return DatabaseError(kind: .busy, message: "no connection became free within \(limit)")
  }

  // MARK: Connections

  /// Opens the shared connections.
  /// - Throws: the first failure; the lane is closed then.
  func start() async throws {
    try await withCheckedThrowingContinuation { continuation in
      loop.execute {
        guard self.state != .open else {
          continuation.resume()
          return
        }
        self.state = .open
        self.starters.append(continuation)
        self.hook = self.loop.addTurnHook { [weak self] in self?.dispatch() ?? -1 }
        self.fill()
      }
    }
  }

  /// Keeps as many connections open or opening as there should be.
  private func fill() {
    guard state == .open else { return }
    while connections.count + opening < max(1, configuration.sharedPerLoop) {
      opening += 1
      connector.connect { [weak self] result in
        guard let self else { return }
        loop.execute { self.take(result) }
      }
    }
  }

  private func take(_ result: Result<RawConnection, DatabaseError>) {
    opening -= 1
    guard state == .open else {
      finishStopping()
      return
    }
    switch result {
    case .failure(let error): failed(error)
    case .success(let raw):
      let made = Connection(
        raw, loop: loop, isShared: true, statementLimit: configuration.statementLimit)
      guard let made else {
        failed(DatabaseError(kind: .unavailable, message: "the new connection died"))
        return
      }
      adopt(made)
    }
  }

  private func adopt(_ connection: Connection) {
    connections.append(connection)
    watchStall(of: connection, last: nil)
    counters.opened.add(1)
    counters.shared.add(1)
    connection.onRoom = { [weak self] in self?.answered() }
    connection.onRepeat = { [weak self] command in self?.again(command) }
    connection.onLoss = { [weak self, weak connection] error, unanswered in
      self?.lost(connection, error, unanswered)
    }
    connection.send(Lane.preparation())
    for starter in starters { starter.resume() }
    starters = []
  }

  /// What goes before the first statement. The same few short statements come here again and
  /// again; planning each for its values takes longer than running it.
  private static func preparation() -> Command {
    let command = Command("SET plan_cache_mode TO force_generic_plan")
    command.isUnprepared = true
    return command
  }

  private func failed(_ error: DatabaseError) {
    lastFailure = error
    for starter in starters { starter.resume(throwing: error) }
    if !starters.isEmpty {
      starters = []
      close()
      return
    }
    fillLater()
  }

  /// Not at once: all clients of a server that restarts lose it in the same moment.
  private func fillLater() {
    guard state == .open else { return }
    let pause = configuration.pause(after: failures)
    failures += 1
    loop.schedule(after: pause) { [weak self] in self?.fill() }
  }

  /// Cuts a connection whose server stopped answering without hanging up: the first statement has
  /// been under way for longer than its time limit, with room for the server to say so.
  private func watchStall(of connection: Connection, last: UInt64?) {
    guard let limit = configuration.statementTimeout else { return }
    loop.schedule(after: limit + .seconds(5)) { [weak self, weak connection] in
      guard let self, let connection, connection.isAlive else { return }
      let head = connection.flights.first?.sequence
      if let head, head == last {
        connection.lose(
          DatabaseError(kind: .connectionLost, message: "the server stopped answering"))
      } else {
        watchStall(of: connection, last: head)
      }
    }
  }

  private func answered() {
    failures = 0
    lastFailure = nil
    counters.underWay.add(-1)
    counters.served.add(1)
    finishStopping()
  }

  private func again(_ command: Command) {
    if state == .open {
      queue.prepend(command)
      entered(command)
    } else {
      command.resume(throwing: DatabaseError(kind: .closed, message: "the pool was stopped"))
    }
  }

  private func lost(_ connection: Connection?, _ error: DatabaseError, _ unanswered: Int) {
    connections.removeAll { $0 === connection || !$0.isAlive }
    counters.lost.add(1)
    counters.shared.add(-1)
    lastFailure = error
    counters.underWay.add(-unanswered)
    fillLater()
    finishStopping()
  }

  // MARK: The end

  /// Takes nothing new, lets what was taken end, and closes the connections.
  func stop() async {
    await withCheckedContinuation { continuation in
      loop.execute {
        self.stoppers.append(continuation)
        if self.state == .open { self.state = .stopping }
        self.finishStopping()
        guard self.state == .stopping else { return }
        let limit = self.configuration.waitLimit
        self.ending = self.loop.schedule(after: limit) { [weak self] in self?.close() }
      }
    }
  }

  private func finishStopping() {
    guard state != .open else { return }
    let isIdle = queue.isEmpty && connections.allSatisfy { $0.flights.isEmpty }
    if state == .stopping, isIdle { close() }
    if state == .closed, opening == 0 {
      for stopper in stoppers { stopper.resume() }
      stoppers = []
    }
  }

  private func close() {
    state = .closed
    if let hook { loop.removeTurnHook(hook) }
    hook = nil
    for timer in [expiry, ending].compactMap({ $0 }) { loop.cancel(timer) }
    expiry = nil
    ending = nil
    while let command = queue.popFirst() {
      if command.isDone { continue }
      left(command)
      command.resume(throwing: DatabaseError(kind: .closed, message: "the pool was stopped"))
    }
    counters.shared.add(-connections.count)
    for connection in connections {
      counters.underWay.add(-connection.unanswered)
      connection.close()
    }
    connections = []
    finishStopping()
  }
}
