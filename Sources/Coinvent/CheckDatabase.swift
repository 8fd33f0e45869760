import Postgres

/// Whether the database answers.
public enum CheckDatabase {
  /// - Throws: `DatabaseError`, or `CancellationError` when the caller has waited long enough.
  public static func run(in db: some Queryable) async throws {
    _ = try await db.one("SELECT true", as: Bool.self)
  }
}
