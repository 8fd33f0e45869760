import Postgres

/// The clock that decides what is due and dates the books, never a worker's.
public enum DatabaseClock {
  public static func now(in db: some Queryable) async throws -> Timestamp {
    try await db.one("SELECT clock_timestamp()", as: Timestamp.self)
  }
}
