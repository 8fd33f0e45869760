/// One step of the schema: `0007-sales.sql` is number 7, name `sales`.
public struct Migration: Sendable, Hashable {
  public let number: Int
  public let name: String
  /// Any number of statements; they run in one transaction.
  public let sql: String

  public init(number: Int, name: String, sql: String) {
    self.number = number
    self.name = name
    self.sql = sql
  }
}

/// Why a schema cannot be migrated.
public enum MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A migration that was applied has another text now.
  case changed(number: Int, name: String)
  /// The numbers of the list do not run 1, 2, 3 …
  case gap(expected: Int, found: Int)
  /// A migration of the list was skipped: a later one is applied and this one is not.
  case skipped(number: Int, name: String)
  /// The database has a migration this program does not know.
  case newer(number: Int, name: String)
  /// A migration failed and was undone; those before it stay.
  case failed(number: Int, name: String, reason: String)

  public var description: String {
    switch self {
    case .changed(let number, let name):
      "migration \(number) (\(name)) was applied with another text; add a new one instead of "
        + "changing it"
    case .gap(let expected, let found):
      "migration \(expected) is missing: the next one has number \(found)"
    case .skipped(let number, let name):
      "migration \(number) (\(name)) was skipped: later ones are applied already"
    case .newer(let number, let name):
      "the database has migration \(number) (\(name)), which this program does not know; use a "
        + "newer program"
    case .failed(let number, let name, let reason):
      "migration \(number) (\(name)) failed and was undone: \(reason)"
    }
  }
}

/// Brings a database to the schema of a list of migrations: forward only, each in a transaction of
/// its own. Two that start at once wait for each other.
public enum Migrator {
  /// One migration and when it was applied; nil while it is pending.
  public struct Status: Sendable {
    public let migration: Migration
    public let appliedAt: Timestamp?
  }

  /// Held while migrating, for the whole database.
  private static let lock: Int64 = 0x636F_696E_7665_6E74

  /// Applies what is pending.
  /// - Parameter report: called before each migration.
  /// - Returns: those that were applied now, in order.
  /// - Throws: `MigrationError`, `DatabaseError`.
  @discardableResult
  public static func migrate(
    _ pool: Pool, _ migrations: [Migration],
    report: @Sendable (Migration) -> Void = { _ in }
  ) async throws -> [Migration] {
    try check(migrations)
    return try await pool.session { session in
      // Waiting for another migrator and building an index may both take longer than the limits
      // of everyday statements.
      try await session.runScript(
        "SET statement_timeout = 0; SET lock_timeout = 0; "
          + "SET idle_in_transaction_session_timeout = 0; SET client_min_messages = warning")
      try await session.execute("SELECT pg_advisory_lock(\(lock))")
      try await createTable(session)
      let pending = try await pending(session, migrations)
      for migration in pending {
        report(migration)
        try await apply(migration, session)
      }
      return pending
    }
  }

  /// What `migrate` would apply, in order. Changes nothing.
  public static func plan(_ db: some Queryable, _ migrations: [Migration]) async throws
    -> [Migration]
  {
    try check(migrations)
    return try await pending(db, migrations)
  }

  /// Every migration of the list, with its state. Changes nothing.
  public static func status(_ db: some Queryable, _ migrations: [Migration]) async throws
    -> [Status]
  {
    try check(migrations)
    let applied = try await applied(db)
    try await compare(db, migrations, applied)
    return migrations.map { migration in
      Status(migration: migration, appliedAt: applied.first { $0.number == migration.number }?.at)
    }
  }

  // MARK: Steps

  private struct Applied: RowDecodable {
    let number: Int
    let name: String
    let checksum: String
    let at: Timestamp

    init(row: inout RowReader) throws {
      number = try row.next()
      name = try row.next()
      checksum = try row.next()
      at = try row.next()
    }
  }

  private static func check(_ migrations: [Migration]) throws {
    for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
      throw MigrationError.gap(expected: index + 1, found: migration.number)
    }
  }

  private static func createTable(_ session: Session) async throws {
    try await session.runScript(
      """
      CREATE TABLE IF NOT EXISTS schema_migrations (
        number integer PRIMARY KEY CHECK (number > 0),
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      );
      COMMENT ON TABLE schema_migrations IS 'local: the steps of the schema that were applied';
      """)
  }

  private static func applied(_ db: some Queryable) async throws -> [Applied] {
    let exists = try await db.one(
      "SELECT to_regclass('schema_migrations') IS NOT NULL", as: Bool.self)
    guard exists else { return [] }
    return try await db.all(
      """
      SELECT number, name, checksum, applied_at
      FROM schema_migrations
      ORDER BY number
      """, of: Applied.self)
  }

  private static func pending(_ db: some Queryable, _ migrations: [Migration]) async throws
    -> [Migration]
  {
    let applied = try await applied(db)
    try await compare(db, migrations, applied)
    return Array(migrations.dropFirst(applied.count))
  }

  private static func compare(
    _ db: some Queryable, _ migrations: [Migration], _ applied: [Applied]
  ) async throws {
    let sums = try await checksums(db, migrations)
    for (index, row) in applied.enumerated() {
      guard row.number <= migrations.count else {
        throw MigrationError.newer(number: row.number, name: row.name)
      }
      let migration = migrations[index]
      guard row.number == index + 1 else {
        throw MigrationError.skipped(number: migration.number, name: migration.name)
      }
      guard row.checksum == sums[index] else {
        throw MigrationError.changed(number: row.number, name: migration.name)
      }
    }
  }

  /// SHA-256 of each text, in hexadecimal.
  private static func checksums(_ db: some Queryable, _ migrations: [Migration]) async throws
    -> [String]
  {
    try await db.all(
      """
      SELECT encode(sha256(convert_to(text, 'UTF8')), 'hex')
      FROM unnest(\(migrations.map { $0.sql })) WITH ORDINALITY AS given (text, position)
      ORDER BY position
      """, as: String.self)
  }

  private static func apply(_ migration: Migration, _ session: Session) async throws {
    do {
      try await session.execute("BEGIN")
      try await session.runScript(migration.sql)
      try await record(migration, session)
      guard try await session.run("COMMIT").commandTag == "COMMIT" else {
        throw DatabaseError(kind: .rolledBack, message: "it left its transaction")
      }
    } catch let error as DatabaseError {
      try await session.execute("ROLLBACK")
      throw MigrationError.failed(
        number: migration.number, name: migration.name, reason: error.description)
    }
  }

  private static func record(_ migration: Migration, _ session: Session) async throws {
    try await session.execute(
      """
      INSERT INTO schema_migrations (number, name, checksum)
      VALUES (
        \(Int32(migration.number)), \(migration.name),
        encode(sha256(convert_to(\(migration.sql)::text, 'UTF8')), 'hex'))
      """)
  }
}
