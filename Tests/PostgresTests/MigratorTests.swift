import Postgres
import TestSupport
import Testing

struct MigratorTests {
  private let list = [
    Migration(number: 1, name: "one", sql: "CREATE TABLE one (n int); INSERT INTO one VALUES (1);"),
    Migration(number: 2, name: "two", sql: "ALTER TABLE one ADD COLUMN m int DEFAULT 2;"),
  ]

  @Test func `migrations run once, also when two start at once`() async throws {
    try await withDatabase(empty: true) { pool in
      #expect(try await Migrator.plan(pool, list).count == 2)
      async let a = Migrator.migrate(pool, list)
      async let b = Migrator.migrate(pool, list)
      let (first, second) = try await (a, b)
      #expect(first.count + second.count == 2)
      let row = try await pool.one("SELECT n, m FROM one", as: (Int, Int).self)
      #expect(row.0 == 1 && row.1 == 2)
      #expect(try await Migrator.plan(pool, list).isEmpty)
      #expect(try await Migrator.status(pool, list).allSatisfy { $0.appliedAt != nil })
    }
  }

  @Test func `a failed migration is undone and those before it stay`() async throws {
    try await withDatabase(empty: true) { pool in
      let bad =
        list + [
          Migration(number: 3, name: "bad", sql: "CREATE TABLE three (); SELECT 1/0; SELECT 2")
        ]
      let error = await #expect(throws: MigrationError.self) {
        try await Migrator.migrate(pool, bad)
      }
      #expect(error?.description.contains("migration 3 (bad) failed") == true)
      let pending = try await Migrator.plan(pool, list)
      #expect(pending.isEmpty)
      #expect(try await pool.one("SELECT to_regclass('three') IS NULL", as: Bool.self))
    }
  }

  @Test func `a changed, missing or unknown migration is refused`() async throws {
    try await withDatabase(empty: true) { pool in
      try await Migrator.migrate(pool, list)
      let changed = [list[0], Migration(number: 2, name: "two", sql: "SELECT 1")]
      await #expect(throws: MigrationError.changed(number: 2, name: "two")) {
        try await Migrator.migrate(pool, changed)
      }
      await #expect(throws: MigrationError.newer(number: 2, name: "two")) {
        try await Migrator.migrate(pool, [list[0]])
      }
      await #expect(throws: MigrationError.gap(expected: 1, found: 2)) {
        try await Migrator.migrate(pool, [list[1]])
      }
      try await pool.execute("DELETE FROM schema_migrations WHERE number = 1")
      await #expect(throws: MigrationError.skipped(number: 1, name: "one")) {
        try await Migrator.migrate(pool, list)
      }
    }
  }
}
