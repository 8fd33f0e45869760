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
    try await repeating(retries) {
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
    try await repeating(retries) {
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
      throw error
    }
  }
}

private nonisolated(nonsending) func repeating<Value>(
  _ retries: Int, _ once: nonisolated(nonsending) () async throws -> Value
) async throws -> Value {
  var attempt = 0
  while true {
    do {
      return try await once()
    } catch let error as DatabaseError where error.asksForRepetition && attempt < retries {
      attempt += 1
      let pause = Duration.milliseconds(min(1 << attempt, 64)) * Double.random(in: 0.5...1.5)
      try await Task.sleep(for: pause)
    }
  }
}

extension DatabaseError {
  /// The whole transaction may be run again: it was undone, for a reason that may have passed.
  var asksForRepetition: Bool { isRetryable || isStaleStatement }
}
