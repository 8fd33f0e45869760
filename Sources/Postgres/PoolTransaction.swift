extension Pool {
  /// Runs `body` in a transaction and commits it; an error rolls it back.
  ///
  /// When the server asks for a repetition (40001, 40P01), `body` runs again from the start, up to
  /// `retries` times with growing pauses: it should have no effect outside the database.
  /// - Throws: what `body` throws; `DatabaseError` of kind `.outcomeUnknown` when COMMIT was sent
  ///   and its answer never came; `CancellationError` when the task was cancelled.
  @discardableResult
  public nonisolated(nonsending) func transaction<Value>(
    isolation: Isolation = .readCommitted, readOnly: Bool = false, retries: Int = 5,
    _ body: nonisolated(nonsending) (Transaction) async throws -> Value
  ) async throws -> Value {
    try await repeating(retries, freshStarts: 2) {
      let connection = try await reserve.acquire(near: nearestLoop)
      do {
        let value = try await Transaction.once(connection, isolation, readOnly, body)
        await reserve.release(connection)
        return value
      } catch {
        await reserve.release(connection)
        throw error
      }
    }
  }
}

extension Session {
  /// Runs `body` in a transaction on this session's own connection; see `Pool.transaction`.
  ///
  /// What the session holds, such as a session lock, guards the transaction too: when the
  /// connection dies, both end together.
  @discardableResult
  public nonisolated(nonsending) func transaction<Value>(
    isolation: Isolation = .readCommitted, readOnly: Bool = false, retries: Int = 5,
    _ body: nonisolated(nonsending) (Transaction) async throws -> Value
  ) async throws -> Value {
    try await repeating(retries, freshStarts: 0) {
      try await Transaction.once(connection, isolation, readOnly, body)
    }
  }
}

extension Transaction {
  fileprivate nonisolated(nonsending) static func once<Value>(
    _ connection: Connection, _ isolation: Isolation, _ readOnly: Bool,
    _ body: nonisolated(nonsending) (Transaction) async throws -> Value
  ) async throws -> Value {
    let transaction = Transaction(connection, isolation: isolation, readOnly: readOnly)
    do {
      let value = try await body(transaction)
      try Task.checkCancellation()
      try await transaction.commit()
      return value
    } catch {
      await transaction.rollBack()
      if let loss = error as? DatabaseError, loss.kind == .connectionLost,
        transaction.isUntouched
      {
        throw DeadConnection(cause: loss)
      }
      throw error
    }
  }
}

/// - Parameter freshStarts: how often a connection that proved dead is exchanged for another.
private nonisolated(nonsending) func repeating<Value>(
  _ retries: Int, freshStarts: Int,
  _ once: nonisolated(nonsending) () async throws -> Value
) async throws -> Value {
  var attempt = 0
  var dead = 0
  while true {
    do {
      return try await once()
    } catch is DeadConnection where dead < freshStarts {
      dead += 1
    } catch let error as DeadConnection {
      throw error.cause
    } catch let error as DatabaseError where error.asksForRepetition && attempt < retries {
      attempt += 1
      let pause = Duration.milliseconds(min(1 << attempt, 64)) * Double.random(in: 0.5...1.5)
      try await Task.sleep(for: pause)
    }
  }
}

/// The connection was dead before the transaction's first statement was answered, so nothing came
/// of it and it can begin again on another.
private struct DeadConnection: Error {
  let cause: DatabaseError
}

extension DatabaseError {
  /// The whole transaction may be run again: it was undone, for a reason that may have passed.
  var asksForRepetition: Bool { isRetryable || isStaleStatement }
}
