import Postgres

/// The clock that the books go by.
public enum DatabaseClock {
  public static func now(in db: some Queryable) async throws -> Timestamp {
    try await db.one("SELECT clock_timestamp()", as: Timestamp.self)
  }
}
