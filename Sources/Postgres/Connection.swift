import CLibPQ
import EventLoop

/// One connection to the server, confined to its event loop's thread.
///
/// It stays in libpq's pipeline mode: statements go out one behind the other, each with a sync of
/// its own, so that one that fails takes no other with it; the answers come back in order.
final class Connection: @unchecked Sendable {
  enum Mode {
    case pipeline
    /// Scripts and COPY, which pipeline mode does not allow: libpq is driven step by step.
    case simple
  }

  let loop: EventLoop
  let isShared: Bool
  private(set) var pg: OpaquePointer?
  private let descriptor: Int32
  let canceller: Canceller
  private var watch: EventLoop.Watch?
  var statements: Statements
  var mode = Mode.pipeline
  /// Sent and not yet answered, in order.
  var flights = Fifo<Command>()
  private var sequence: UInt64 = 0
  /// A transaction was opened, or its opening is on its way.
  var isTransactionOpen = false
  /// An opening failed: whatever followed would run outside of a transaction.
  var isBroken = false
  /// Why it died.
  private(set) var loss: DatabaseError?

  // Cancellation; see Cancellation.swift.
  var isCancelling = false
  var cancelReach: UInt64 = 0
  var parked: [Command] = []
  var calm: [CheckedContinuation<Void, Never>] = []
  var graceTimer: EventLoop.TimerID?

  // Simple mode; see SimpleMode.swift.
  var readiness: CheckedContinuation<Void, any Error>?

  /// Called when an answer made room for another statement.
  var onRoom: () -> Void = {}
  /// Called with a statement that is safe to send again.
  var onRepeat: (Command) -> Void = { _ in }
  /// Called once when it dies, with the number of statements that got no answer.
  var onLoss: (DatabaseError, Int) -> Void = { _, _ in }
  var onNotification: (String, String, Int32) -> Void = { _, _, _ in }

  /// Takes a fresh connection over; nil when it died meanwhile.
  init?(_ raw: RawConnection, loop: EventLoop, isShared: Bool, statementLimit: Int) {
    loop.assertCurrent()
    guard let pg = raw.take() else { return nil }
    self.loop = loop
    self.isShared = isShared
    self.pg = pg
    descriptor = PQsocket(pg)
    canceller = Canceller(pg)
    statements = Statements(limit: statementLimit)
    PQsetNoticeReceiver(pg, { _, _ in }, nil)
    guard PQsetnonblocking(pg, 1) == 0, PQenterPipelineMode(pg) == 1, descriptor >= 0 else {
      PQfinish(pg)
      self.pg = nil
      return nil
    }
    watch = loop.watch(descriptor, for: .read) { [weak self] ready in self?.handle(ready) }
  }

  deinit { PQfinish(pg) }

  var isAlive: Bool { pg != nil }
  var unanswered: Int { flights.all.count { !$0.isUnprepared } }
  var lastSequence: UInt64 { sequence }

  // MARK: Sending

  /// Sends one statement; its waiter hears of the outcome.
  func send(_ command: Command) {
    guard let pg else {
      command.resume(throwing: loss ?? DatabaseError(kind: .closed, message: "it is closed"))
      return
    }
    guard command.query.binds.count <= 65_535 else {
      command.resume(
        throwing: DatabaseError(kind: .misuse, message: "a statement binds 65535 values at most"))
      return
    }
    if !statements.garbage.isEmpty {
      for name in statements.takeGarbage() { sendDeallocate(name, pg) }
    }
    sequence += 1
    command.resetForSending(sequence: sequence)
    flights.append(command)
    if sendParts(command, pg), PQpipelineSync(pg) == 1 { flush() } else { lose() }
  }

  private func sendParts(_ command: Command, _ pg: OpaquePointer) -> Bool {
    if let opening = command.opening {
      command.sendsOpening = true
      guard PQsendQueryParams(pg, opening, 0, nil, nil, nil, nil, 1) == 1 else { return false }
    }
    if command.isUnprepared {
      return PQsendQueryParams(pg, command.query.sql, 0, nil, nil, nil, nil, 1) == 1
    }
    let (name, isNew) = statements.name(for: command.key)
    command.statement = name
    command.sendsPrepare = isNew
    if isNew {
      let types = command.key.types
      guard PQsendPrepare(pg, name, command.key.sql, Int32(types.count), types) == 1 else {
        return false
      }
    }
    return sendExecute(name, command.query, pg)
  }

  private func sendExecute(_ name: String, _ query: Query, _ pg: OpaquePointer) -> Bool {
    let count = query.binds.count
    if count == 0 { return PQsendQueryPrepared(pg, name, 0, nil, nil, nil, 1) == 1 }
    return query.payload.withUnsafeBytes { payload in
      // An empty array has no address, and to libpq no address is NULL.
      let base = payload.baseAddress ?? UnsafeRawPointer(bitPattern: 1)
      return withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) {
        values in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * count) { numbers in
          for (index, bind) in query.binds.enumerated() {
            let start = bind.range.flatMap { base?.advanced(by: $0.lowerBound) }
            values[index] = start?.assumingMemoryBound(to: CChar.self)
            numbers[index] = Int32(bind.range?.count ?? 0)
            numbers[count + index] = bind.isBinary ? 1 : 0
          }
          let formats = numbers.baseAddress?.advanced(by: count)
          return PQsendQueryPrepared(
            pg, name, Int32(count), values.baseAddress, numbers.baseAddress, formats, 1) == 1
        }
      }
    }
  }

  private func sendDeallocate(_ name: String, _ pg: OpaquePointer) {
    let command = Command(Query(unsafeSQL: "DEALLOCATE \(name)"))
    command.isUnprepared = true
    sequence += 1
    command.resetForSending(sequence: sequence)
    flights.append(command)
    // What fails here is noticed by the statement that follows.
    _ = sendParts(command, pg) && PQpipelineSync(pg) == 1
  }

  /// Hands libpq's buffer to the socket, and waits for room when it does not fit.
  func flush() {
    guard let pg, mode == .pipeline else { return }
    switch PQflush(pg) {
    case 0: loop.rewatch(descriptor, for: .read)
    case 1: loop.rewatch(descriptor, for: [.read, .write])
    default: break  // the next read reports why
    }
  }

  // MARK: Receiving

  private func handle(_ ready: EventLoop.Readiness) {
    guard let pg else { return }
    if mode == .simple {
      wakeSimple(ready)
      return
    }
    guard PQconsumeInput(pg) == 1 else {
      lose()
      return
    }
    takeResults()
    takeNotifications()
    guard let pg = self.pg else { return }
    if PQstatus(pg) == CONNECTION_BAD { lose() } else { flush() }
  }

  private func takeResults() {
    var empty = 0
    while let pg, let command = flights.first, PQisBusy(pg) == 0 {
      guard let raw = PQgetResult(pg) else {
        // One NULL ends the answer to each part; two in a row mean that libpq has no more.
        empty += 1
        if empty > 1 { return }
        command.nextStage()
        continue
      }
      empty = 0
      take(ResultBox(raw), for: command)
    }
  }

  private func take(_ box: ResultBox, for command: Command) {
    switch box.status {
    case PGRES_PIPELINE_SYNC:
      _ = flights.popFirst()
      complete(command)
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: command.take(success: box)
    case PGRES_PIPELINE_ABORTED: break
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      lose(DatabaseError(kind: .misuse, message: "COPY needs copyIn or copyOut of a session"))
    default:
      if command.failure == nil { command.failure = DatabaseError(box) }
    }
  }

  func takeNotifications() {
    guard let pg else { return }
    while let notice = PQnotifies(pg) {
      let channel = String(cString: notice.pointee.relname)
      let payload = notice.pointee.extra.map { String(cString: $0) } ?? ""
      let backend = notice.pointee.be_pid
      PQfreemem(notice)
      onNotification(channel, payload, backend)
    }
  }

  // MARK: The end

  /// Closes the connection without a word to anybody.
  func close() {
    onRoom = {}
    onRepeat = { _ in }
    onLoss = { _, _ in }
    onNotification = { _, _, _ in }
    lose(DatabaseError(kind: .closed, message: "the connection was closed"))
  }

  /// Gives a connection up that died: whoever waits for an answer learns that its outcome is
  /// unknown.
  func lose(_ reason: DatabaseError? = nil) {
    guard let pg else { return }
    let cause = reason ?? flights.first?.failure ?? lossReason(pg)
    if let watch { loop.unwatch(descriptor, watch) }
    watch = nil
    stopGrace()
    PQfinish(pg)
    self.pg = nil
    loss = DatabaseError(
      cause, kind: cause.kind == .misuse ? .misuse : .connectionLost,
      message: "the connection to the database was lost: \(cause.message)")
    let victims = flights.all + parked
    let count = unanswered
    flights = Fifo()
    parked = []
    onLoss(loss ?? cause, count)
    for command in victims where !command.isDone {
      command.resume(throwing: command.isCancelled ? CancellationError() : loss ?? cause)
    }
    failSimple()
    isCancelling = false
    resumeCalm()
  }

  private func lossReason(_ pg: OpaquePointer) -> DatabaseError {
    DatabaseError(kind: .connectionLost, message: Connector.reason(pg))
  }
}
