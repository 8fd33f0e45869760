import EventLoop
import Postgres

extension Context {
  /// Gives `body` a started pool on the command's own loop, and stops it afterwards.
  ///
  /// Its statements may take as long as they need: a person or cron waits, no request does.
  /// - Throws: `Failure` when there is no database or it cannot be reached, and what `body` throws.
  nonisolated(nonsending) func withPool<Value>(
    size: Int = 4, _ body: nonisolated(nonsending) (Pool) async throws -> Value
  ) async throws -> Value {
    var configuration = try poolConfiguration()
    configuration.size = size
    configuration.statementTimeout = nil
    configuration.lockTimeout = .seconds(60)
    configuration.idleInTransactionTimeout = .seconds(600)
    return try await withPool(configuration, loops: [loop], body)
  }

  /// The same for a pool of one's own making, on any loops.
  nonisolated(nonsending) func withPool<Value>(
    _ configuration: PoolConfiguration, loops: [EventLoop],
    _ body: nonisolated(nonsending) (Pool) async throws -> Value
  ) async throws -> Value {
    let pool = try Pool(configuration, loops: loops)
    do {
      try await pool.start()
      let value = try await body(pool)
      await pool.stop()
      return value
    } catch {
      await pool.stop()
      throw error
    }
  }

  /// As the settings say; the name shows in `pg_stat_activity`.
  func poolConfiguration() throws(Failure) -> PoolConfiguration {
    var configuration = PoolConfiguration(url: try settings.database.url())
    configuration.size = settings.poolSize
    configuration.queueLimit = settings.poolQueue
    configuration.waitLimit = settings.poolWait
    configuration.statementTimeout = settings.statementTimeout
    configuration.applicationName = "coinvent \(spec.name)"
    return configuration
  }
}
