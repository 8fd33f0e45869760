import Postgres
import TestSupport
import Testing

private struct Stop: Error {}

struct CopyTests {
  private func withTable<Value>(_ body: (Pool) async throws -> Value) async throws -> Value {
    try await withDatabase(empty: true) { pool in
      try await pool.execute("CREATE TABLE line (id int8, name text, at timestamptz)")
      return try await body(pool)
    }
  }

  @Test func `rows go in by binary COPY and come out as CSV`() async throws {
    try await withTable { pool in
      let copied = try await pool.session { db in
        try await db.copyRows(into: "line", columns: ["id", "name", "at"]) { rows in
          for id in 0..<50_000 {
            try await rows.write(id, id % 7 == 0 ? nil : "name \(id)", Timestamp(microseconds: 0))
          }
        }
      }
      #expect(copied == 50_000)
      let (count, names) = try await pool.one(
        "SELECT count(*), count(name) FROM line", as: (Int, Int).self)
      #expect(count == 50_000 && names == 50_000 - 7143)
      try await pool.session { db in
        var text: [UInt8] = []
        for try await chunk in db.copyOut("COPY (SELECT id FROM line ORDER BY id) TO STDOUT") {
          text += chunk
        }
        #expect(text.split(separator: 10).count == 50_000)
        #expect(try await db.one("SELECT 1", as: Int.self) == 1)
      }
    }
  }

  @Test func `a COPY takes part in its transaction`() async throws {
    try await withTable { pool in
      await #expect(throws: Stop.self) {
        try await pool.transaction { db in
          try await db.copyIn("COPY line (id) FROM STDIN") {
            try await $0.write(Array("1\n2\n".utf8))
          }
          throw Stop()
        }
      }
      let chunks = AsyncStream<[UInt8]> { stream in
        for id in 0..<10 { stream.yield(Array("\(id)\n".utf8)) }
        stream.finish()
      }
      let copied = try await pool.transaction { db in
        try await db.copyIn("COPY line (id) FROM STDIN", from: chunks)
      }
      #expect(copied == 10)
      #expect(try await pool.one("SELECT count(*) FROM line", as: Int.self) == 10)
    }
  }

  @Test func `a broken line or source undoes the COPY and leaves the session usable`()
    async throws
  {
    try await withTable { pool in
      try await pool.session { db in
        let error = await #expect(throws: DatabaseError.self) {
          try await db.copyIn("COPY line (id) FROM STDIN") {
            try await $0.write(Array("1\nsecret\n".utf8))
          }
        }
        #expect(error?.sqlState == "22P02")
        #expect(error?.description.contains("secret") == false)
        await #expect(throws: Stop.self) {
          try await db.copyIn("COPY line (id) FROM STDIN") {
            try await $0.write(Array("1\n".utf8))
            throw Stop()
          }
        }
        let wrong = await #expect(throws: DatabaseError.self) {
          try await db.copyIn("COPY nothing FROM STDIN") { _ in }
        }
        #expect(wrong?.sqlState == "42P01")
        let count = try await db.one("SELECT count(*) FROM line", as: Int.self)
        #expect(count == 0)
      }
      #expect(pool.figures.lost == 0)
    }
  }

  @Test func `a COPY left half read costs its connection and nothing else`() async throws {
    try await withTable { pool in
      try await pool.session { db in
        let rows = db.copyOut("COPY (SELECT generate_series(1, 200000)) TO STDOUT")
        for try await _ in rows { break }
      }
      #expect(try await pool.session { try await $0.one("SELECT 1", as: Int.self) } == 1)
      #expect(pool.figures.inUse == 0)
    }
  }
}
