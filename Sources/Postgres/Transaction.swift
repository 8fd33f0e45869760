import Synchronization

/// How much a transaction sees of others that run beside it.
public enum Isolation: String, Sendable {
  case readCommitted = "READ COMMITTED"
  case repeatableRead = "REPEATABLE READ"
  case serializable = "SERIALIZABLE"
}

/// A transaction under way, on a connection of its own.
public final class Transaction: Queryable, Sendable {
  let connection: Connection
  let opening: String
  private let hasEnded = Atomic<Bool>(false)
  private let hasAnswer = Atomic<Bool>(false)
  private let savepoints = Atomic<Int>(0)

  init(_ connection: Connection, isolation: Isolation, readOnly: Bool) {
    self.connection = connection
    opening = "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(readOnly ? " READ ONLY" : "")"
  }

  /// Runs one statement. The first one opens the transaction on its way.
  public func run(_ query: Query) async throws -> QueryResult {
    try checkOpen()
    do {
      let result = try await connection.perform(query, opening: opening)
      hasAnswer.store(true, ordering: .relaxed)
      return result
    } catch {
      let isLoss = (error as? DatabaseError)?.kind == .connectionLost
      if !isLoss { hasAnswer.store(true, ordering: .relaxed) }
      throw error
    }
  }

  /// The server has answered something: before that, a lost connection undid nothing but itself.
  var isUntouched: Bool { !hasAnswer.load(ordering: .relaxed) }

  func checkOpen() throws {
    if hasEnded.load(ordering: .acquiring) {
      throw DatabaseError(kind: .misuse, message: "the transaction has ended")
    }
  }

  /// Runs `body` so that its failure undoes only what it did itself.
  @discardableResult
  public nonisolated(nonsending) func savepoint<Value>(
    _ body: nonisolated(nonsending) (Transaction) async throws -> Value
  ) async throws -> Value {
    let (number, _) = savepoints.add(1, ordering: .relaxed)
    let name = "savepoint_\(number)"
    try await execute("SAVEPOINT \(unsafeSQL: name)")
    do {
      let value = try await body(self)
      try await execute("RELEASE SAVEPOINT \(unsafeSQL: name)")
      return value
    } catch {
      _ = try await connection.perform(
        shielded: "ROLLBACK TO SAVEPOINT \(unsafeSQL: name)")
      throw error
    }
  }

  /// - Throws: `.outcomeUnknown` when the answer to COMMIT is lost, `.rolledBack` when the server
  ///   undid the transaction instead.
  func commit() async throws {
    hasEnded.store(true, ordering: .releasing)
    do {
      let result = try await connection.end("COMMIT")
      if result.commandTag == "ROLLBACK" {
        throw DatabaseError(
          kind: .rolledBack, message: "a statement failed and the transaction was undone")
      }
    } catch let error as DatabaseError where error.kind == .connectionLost {
      throw DatabaseError(
        error, kind: .outcomeUnknown,
        message: "the connection was lost at COMMIT; whether it took effect is unknown")
    }
  }

  func rollBack() async {
    hasEnded.store(true, ordering: .releasing)
    do {
      _ = try await connection.end("ROLLBACK")
    } catch {
      // A connection that cannot roll back is not clean, and is closed when it is given back.
    }
  }
}
