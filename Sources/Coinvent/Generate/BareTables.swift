import Postgres

/// Takes the indexes and constraints off tables that are filled, and puts them back: building an
/// index over rows that are there takes a fraction of keeping it up row by row.
///
/// Everything happens in the caller's transaction: a fault leaves the tables as they were.
enum BareTables {
  /// - Parameter tables: not referenced by foreign keys of others; empty.
  static func during(
    _ tables: [String], in tx: Transaction, _ fill: () async throws -> Void
  ) async throws {
    let constraints = try await tx.all(
      """
      SELECT conrelid::regclass::text, quote_ident(conname), contype::text,
             pg_get_constraintdef(oid)
      FROM pg_constraint
      WHERE conrelid = ANY(\(tables)::text[]::regclass[]) AND contype IN ('p', 'u', 'f')
      ORDER BY contype = 'f', conrelid, conname
      """, as: (String, String, String, String).self)
    let indexes = try await tx.all(
      """
      SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
      FROM pg_index i
      WHERE i.indrelid = ANY(\(tables)::text[]::regclass[]) AND NOT EXISTS (
        SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))
      ORDER BY 1
      """, as: (String, String).self)
    for (table, name, _, _) in constraints.reversed() {
      try await tx.execute("ALTER TABLE \(unsafeSQL: table) DROP CONSTRAINT \(unsafeSQL: name)")
    }
    for (name, _) in indexes { try await tx.execute("DROP INDEX \(unsafeSQL: name)") }
    for table in tables {
      try await tx.execute("ALTER TABLE \(unsafeSQL: table) DISABLE TRIGGER USER")
    }
    try await fill()
    for table in tables {
      try await tx.execute("ALTER TABLE \(unsafeSQL: table) ENABLE TRIGGER USER")
    }
    try await tx.execute("SET LOCAL maintenance_work_mem = '1GB'")
    for (_, definition) in indexes { try await tx.execute("\(unsafeSQL: definition)") }
    for (table, name, _, definition) in constraints {
      try await tx.execute(
        """
        ALTER TABLE \(unsafeSQL: table)
          ADD CONSTRAINT \(unsafeSQL: name) \(unsafeSQL: definition)
        """)
    }
  }
}
