import CLibPQ

/// What a transaction or session does on the connection it has for itself.
extension Connection {
  /// Runs one statement.
  /// - Parameter opening: begins the transaction, in one step with its first statement.
  func perform(_ query: Query, opening: String? = nil) async throws -> QueryResult {
    try Task.checkCancellation()
    let command = Command(query)
    command.opening = opening
    return try await withTaskCancellationHandler {
      try await submit(command)
    } onCancel: {
      loop.execute { self.cancelExclusive(command) }
    }
  }

  /// Runs COMMIT or ROLLBACK, which no cancellation interrupts; nothing when none is open.
  func end(_ query: Query) async throws -> QueryResult {
    let command = Command(query)
    command.closesTransaction = true
    return try await submit(command)
  }

  /// Runs a statement that no cancellation interrupts.
  func perform(shielded query: Query) async throws -> QueryResult {
    try await submit(Command(query))
  }

  private func submit(_ command: Command) async throws -> QueryResult {
    try await command.outcome {
      if loop.isCurrent {
        start(command)
      } else {
        loop.execute { self.start(command) }
      }
    }
  }

  private func start(_ command: Command) {
    if command.isCancelled {
      command.resume(throwing: CancellationError())
    } else if mode != .pipeline {
      command.resume(
        throwing: DatabaseError(kind: .misuse, message: "a COPY on this connection is not over"))
    } else if command.closesTransaction && (!isTransactionOpen || isBroken) {
      command.resume(returning: QueryResult(box: nil))
    } else if isBroken {
      let message = "the transaction could not be opened"
      command.resume(throwing: DatabaseError(kind: .rolledBack, message: message))
    } else {
      if isTransactionOpen { command.opening = nil }
      isTransactionOpen = (isTransactionOpen || command.opening != nil)
      if command.closesTransaction { isTransactionOpen = false }
      send(command)
    }
  }

  private func cancelExclusive(_ command: Command) {
    command.isCancelled = true
    cancel(command)
  }

  /// Whether a connection that lay idle still lives: the server may have gone meanwhile.
  func isUsable() async -> Bool {
    await withCheckedContinuation { continuation in
      let look: @Sendable () -> Void = {
        if let pg = self.pg, PQconsumeInput(pg) != 1 { self.lose() }
        continuation.resume(returning: self.isClean)
      }
      if loop.isCurrent { look() } else { loop.execute(look) }
    }
  }

  /// Whether the next owner would find it as a fresh one.
  var isClean: Bool {
    guard let pg, !isBroken, mode == .pipeline, flights.isEmpty, !isCancelling else {
      return false
    }
    return !isTransactionOpen && PQtransactionStatus(pg) == PQTRANS_IDLE
  }
}
