import Postgres
import TestSupport
import Testing

private struct Stop: Error {}

struct TransactionTests {
  private func withTable<Value>(_ body: (Pool) async throws -> Value) async throws -> Value {
    try await withDatabase(empty: true) { pool in
      try await pool.execute("CREATE TABLE note (id int8 PRIMARY KEY, text text)")
      return try await body(pool)
    }
  }

  private func count(_ pool: Pool) async throws -> Int {
    try await pool.one("SELECT count(*) FROM note", as: Int.self)
  }

  @Test func `a transaction commits at its end and undoes itself after an error`() async throws {
    try await withTable { pool in
      let n = try await pool.transaction { db in
        try await db.execute("INSERT INTO note VALUES (\(1), \("a"))")
        return try await db.execute("INSERT INTO note VALUES (\(2), \("b"))")
      }
      #expect(n == 1)
      await #expect(throws: Stop.self) {
        try await pool.transaction { db in
          try await db.execute("INSERT INTO note VALUES (\(3), \("c"))")
          throw Stop()
        }
      }
      #expect(try await count(pool) == 2)
      #expect(pool.figures.inUse == 0)
    }
  }

  @Test func `an error inside is typed, and swallowing it does not look like a commit`()
    async throws
  {
    try await withTable { pool in
      try await pool.execute("INSERT INTO note VALUES (1, 'a')")
      let error = await #expect(throws: DatabaseError.self) {
        try await pool.transaction { db in
          try await db.execute("INSERT INTO note VALUES (\(1), \("secret"))")
        }
      }
      #expect(error?.isUniqueViolation(of: "note_pkey") == true)
      #expect(error?.table == "note")
      #expect(error?.description.contains("secret") == false)
      let swallowed = await #expect(throws: DatabaseError.self) {
        try await pool.transaction { db in
          try await db.execute("INSERT INTO note VALUES (2, 'b')")
          do {
            try await db.execute("INSERT INTO note VALUES (1, 'b')")
          } catch {}
        }
      }
      #expect(swallowed?.kind == .rolledBack)
      #expect(try await count(pool) == 1)
    }
  }

  @Test func `a savepoint undoes only its own part`() async throws {
    try await withTable { pool in
      try await pool.transaction { db in
        try await db.execute("INSERT INTO note VALUES (1, 'a')")
        await #expect(throws: DatabaseError.self) {
          try await db.savepoint { db in
            try await db.execute("INSERT INTO note VALUES (2, 'b')")
            try await db.execute("INSERT INTO note VALUES (1, 'b')")
          }
        }
        try await db.execute("INSERT INTO note VALUES (3, 'a')")
      }
      #expect(try await pool.all("SELECT id FROM note ORDER BY 1", as: Int.self) == [1, 3])
    }
  }

  @Test func `serializable transactions that collide are run again`() async throws {
    try await withTable { pool in
      try await pool.execute("INSERT INTO note VALUES (1, '0')")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<6 {
          group.addTask {
            try await pool.transaction(isolation: .serializable, retries: 50) { db in
              let text = try await db.one("SELECT text FROM note WHERE id = 1", as: String.self)
              let next = (Int(text) ?? 0) + 1
              try await db.execute("UPDATE note SET text = \(String(next)) WHERE id = 1")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await pool.one("SELECT text FROM note", as: String.self) == "6")
    }
  }

  @Test func `a read-only transaction refuses to write`() async throws {
    try await withTable { pool in
      let error = await #expect(throws: DatabaseError.self) {
        try await pool.transaction(readOnly: true) { db in
          try await db.execute("INSERT INTO note VALUES (1, 'a')")
        }
      }
      #expect(error?.sqlState == "25006")
    }
  }

  @Test func `a statement that fails takes no other of its pipeline with it`() async throws {
    try await withTable { pool in
      await withTaskGroup(of: Bool.self) { group in
        for id in 0..<400 {
          group.addTask {
            do {
              try await pool.execute("INSERT INTO note VALUES (\(id / 2), \("x"))")
              return true
            } catch {
              return false
            }
          }
        }
        var good = 0
        for await isGood in group where isGood { good += 1 }
        #expect(good == 200)
      }
      let stored = try await count(pool)
      #expect(stored == 200)
    }
  }

  @Test func `what a session leaves behind is discarded`() async throws {
    try await withTable { pool in
      for _ in 0..<2 {
        try await pool.session { db in
          let zone = try await db.one("SHOW timezone", as: String.self)
          #expect(zone == "UTC")
          try await db.runScript("SET timezone = 'Asia/Tokyo'; CREATE TEMP TABLE t (n int)")
          try await db.execute("SELECT pg_advisory_lock(1)")
        }
      }
      // The view shows every database of the server, also those of other tests.
      let held = try await pool.one(
        """
        SELECT count(*) FROM pg_locks
        WHERE locktype = 'advisory'
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """, as: Int.self)
      #expect(held == 0)
      #expect(pool.figures.opened <= 3)
    }
  }
}
