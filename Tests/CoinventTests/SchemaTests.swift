import Postgres
import TestSupport
import Testing

@Suite struct SchemaTests {
  /// A row that points at another locks it, as the role that owns the table: one that may update
  /// no column of it could not point there at all. The tests' own role may do everything.
  @Test func `what a foreign key points at can be locked by its owner`() async throws {
    try await withDatabase { pool in
      let (keys, broken) = try await pool.one(
        """
        SELECT count(*), coalesce(string_agg(DISTINCT t.relname, ', ') FILTER (WHERE
          t.relacl IS NOT NULL
          AND NOT EXISTS (
            SELECT FROM aclexplode(t.relacl) a
            WHERE a.grantee = t.relowner AND a.privilege_type = 'UPDATE')
          AND NOT EXISTS (
            SELECT FROM pg_attribute c, aclexplode(c.attacl) a
            WHERE c.attrelid = t.oid AND a.grantee = t.relowner
              AND a.privilege_type = 'UPDATE')), '')
        FROM pg_constraint k JOIN pg_class t ON t.oid = k.confrelid WHERE k.contype = 'f'
        """, as: (Int64, String).self)
      #expect(keys > 100)
      #expect(broken == "")
    }
  }
}
