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
    var attempt = 0
    while true {
      do {
        return try await once(isolation, readOnly, body)
      } catch let error as DatabaseError where error.asksForRepetition && attempt < retries {
        attempt += 1
        let pause = Duration.milliseconds(min(1 << attempt, 64)) * Double.random(in: 0.5...1.5)
        try await Task.sleep(for: pause)
      }
    }
  }

  private nonisolated(nonsending) func once<Value>(
    _ isolation: Isolation, _ readOnly: Bool,
    _ body: nonisolated(nonsending) (Transaction) async throws -> Value
  ) async throws -> Value {
    let connection = try await reserve.acquire(near: nearestLoop)
    let transaction = Transaction(connection, isolation: isolation, readOnly: readOnly)
    do {
      let value = try await body(transaction)
      try Task.checkCancellation()
      try await transaction.commit()
      await reserve.release(connection)
      return value
    } catch {
      await transaction.rollBack()
      await reserve.release(connection)
      throw error
    }
  }
}

extension DatabaseError {
  /// The whole transaction may be run again: it was undone, for a reason that may have passed.
  var asksForRepetition: Bool { isRetryable || isStaleStatement }
}
