/// A connection for oneself, outside of a transaction: for session locks, scripts and COPY.
public final class Session: Queryable, Sendable {
  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  public func run(_ query: Query) async throws -> QueryResult {
    try await connection.perform(query)
  }

  /// Runs a text of any number of statements, without parameters; nothing comes back.
  public func runScript(_ sql: String) async throws {
    _ = try await connection.script(sql)
  }
}

extension Pool {
  /// Gives `body` a connection for itself. Afterwards everything it left there (settings, locks,
  /// temporary tables) is discarded.
  @discardableResult
  public nonisolated(nonsending) func session<Value>(
    _ body: nonisolated(nonsending) (Session) async throws -> Value
  ) async throws -> Value {
    let connection = try await reserve.acquire(near: nearestLoop)
    do {
      let value = try await body(Session(connection))
      await connection.discardAll()
      await reserve.release(connection)
      return value
    } catch {
      await connection.discardAll()
      await reserve.release(connection)
      throw error
    }
  }
}

extension Connection {
  /// Makes the connection as good as new, or closes it.
  func discardAll() async {
    do {
      _ = try await perform(shielded: "DISCARD ALL")
      await withCheckedContinuation { continuation in
        loop.execute {
          self.statements.removeAll()
          continuation.resume()
        }
      }
    } catch {
      await withCheckedContinuation { continuation in
        loop.execute {
          self.isBroken = true  // whoever takes it back closes it
          continuation.resume()
        }
      }
    }
  }
}
