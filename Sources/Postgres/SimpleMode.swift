import CLibPQ
import EventLoop

/// Scripts and COPY: outside of pipeline mode, one step after the other. All of it runs on the
/// connection's loop, by `withTaskExecutorPreference`.
extension Connection {
  func enterSimple() throws -> OpaquePointer {
    loop.assertCurrent()
    guard let pg else { throw loss ?? DatabaseError(kind: .closed, message: "it is closed") }
    guard mode == .pipeline, flights.isEmpty, PQexitPipelineMode(pg) == 1 else {
      throw DatabaseError(kind: .misuse, message: "the connection is busy with another statement")
    }
    mode = .simple
    loop.rewatch(PQsocket(pg), for: [])
    return pg
  }

  func leaveSimple() {
    guard let pg else { return }
    mode = .pipeline
    if PQenterPipelineMode(pg) == 1 { flush() } else { lose() }
  }

  /// Waits until the socket is ready.
  func wait(for wanted: EventLoop.Readiness) async throws {
    try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<Void, any Error>) in
      guard let pg else {
        continuation.resume(throwing: loss ?? CancellationError())
        return
      }
      readiness = continuation
      loop.rewatch(PQsocket(pg), for: wanted)
    }
  }

  func wakeSimple(_ ready: EventLoop.Readiness) {
    guard let waiter = readiness, let pg else {
      // Nobody listens now; a socket that reports its end over and over would spin the loop.
      if ready.contains(.closed) { lose() }
      return
    }
    readiness = nil
    loop.rewatch(PQsocket(pg), for: [])
    waiter.resume()
  }

  func failSimple() {
    readiness?.resume(throwing: loss ?? CancellationError())
    readiness = nil
  }

  /// Sends what libpq holds, reading meanwhile so that neither side waits for the other.
  func drain() async throws {
    while let pg {
      switch PQflush(pg) {
      case 0: return
      case 1:
        try await wait(for: [.read, .write])
        try consume()
      default: throw lost()
      }
    }
    throw lost()
  }

  func consume() throws {
    guard let pg, PQconsumeInput(pg) == 1 else { throw lost() }
  }

  func lost() -> DatabaseError {
    lose()
    return loss ?? DatabaseError(kind: .connectionLost, message: "the connection was lost")
  }

  func nextResult() async throws -> ResultBox? {
    while let pg {
      if PQisBusy(pg) == 0 { return PQgetResult(pg).map { ResultBox($0) } }
      try await wait(for: .read)
      try consume()
    }
    throw lost()
  }

  /// Reads to the end of a simple query.
  /// - Returns: the last result.
  /// - Throws: the first error among them.
  func finishSimple() async throws -> ResultBox? {
    var last: ResultBox?
    var failure: DatabaseError?
    while let box = try await nextResult() {
      switch box.status {
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: last = box
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        lose(DatabaseError(kind: .misuse, message: "a script cannot COPY from or to its client"))
      default: failure = failure ?? DatabaseError(box)
      }
    }
    takeNotifications()
    if let failure {
      if failure.isFatal || failure.kind == .connectionLost { throw lost() }
      throw failure
    }
    return last
  }

  /// Runs a text of any number of statements, without parameters.
  func script(_ sql: String) async throws -> ResultBox? {
    try await onLoop {
      let pg = try self.enterSimple()
      defer { self.leaveSimple() }
      guard PQsendQuery(pg, sql) == 1 else { throw self.lost() }
      try await self.drain()
      return try await self.finishSimple()
    }
  }

  /// Runs `work` on the loop; a cancelled task cancels what the server is doing for it.
  func onLoop<Value: Sendable>(
    shielded: Bool = false, _ work: @Sendable () async throws -> Value
  ) async throws -> Value {
    if shielded { return try await withTaskExecutorPreference(loop) { try await work() } }
    try Task.checkCancellation()
    return try await withTaskCancellationHandler {
      do {
        return try await withTaskExecutorPreference(loop) { try await work() }
      } catch {
        await calmDown()
        throw Task.isCancelled ? CancellationError() : error
      }
    } onCancel: {
      loop.execute { if self.mode == .simple { self.fireCancel() } }
    }
  }
}
