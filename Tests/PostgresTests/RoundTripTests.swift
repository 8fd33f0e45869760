import Postgres
import TestSupport
import Testing

private enum Mood: String, PostgresValue {
  case sad
  case happy
}

private struct Idea: RowDecodable, Equatable {
  let id: Int
  let title: String?
  init(row: inout RowReader) throws {
    id = try row.next()
    title = try row.next()
  }
}

struct RoundTripTests {
  private func echo<Value: PostgresValue & Equatable>(
    _ pool: Pool, _ value: Value, as type: String
  ) async throws {
    let query: Query = "SELECT \(value)::\(unsafeSQL: type)"
    #expect(try await pool.one(query, as: Value.self) == value)
  }

  @Test func `every kind of value comes back as it was bound`() async throws {
    try await withDatabase(empty: true) { pool in
      try await echo(pool, true, as: "boolean")
      try await echo(pool, Int16(-7), as: "int2")
      try await echo(pool, Int32.min, as: "int4")
      try await echo(pool, Int.max, as: "int8")
      try await echo(pool, Int64.min, as: "int8")
      try await echo(pool, 1.5e-300, as: "float8")
      try await echo(pool, "grüße 👋 ' \" \\ $1", as: "text")
      try await echo(pool, "", as: "text")
      try await echo(pool, [UInt8](0...255), as: "bytea")
      try await echo(pool, [UInt8](), as: "bytea")
      try await echo(pool, UUID.v7(), as: "uuid")
      try await echo(pool, Timestamp.now, as: "timestamptz")
      try await echo(pool, Timestamp(microseconds: -5), as: "timestamptz")
      try await echo(pool, Day.today, as: "date")
      try await echo(pool, Duration.seconds(90_000), as: "interval")
      try await echo(pool, JSONText(#"{"a": [1, "x"]}"#), as: "jsonb")
      try await echo(pool, Optional<Int>.none, as: "int8")
      try await echo(pool, Optional("x"), as: "text")
    }
  }

  @Test func `arrays come back as they were bound`() async throws {
    try await withDatabase(empty: true) { pool in
      try await echo(pool, [Int](), as: "int8[]")
      try await echo(pool, [1, nil, -3], as: "int8[]")
      try await echo(pool, ["a", "", "{,}\"", "ü"], as: "text[]")
      try await echo(pool, ["a", nil], as: "text[]")
      try await echo(pool, [UUID.v7(), UUID.v7()], as: "uuid[]")
      try await echo(pool, [Timestamp.now], as: "timestamptz[]")
      try await echo(pool, [true, false], as: "bool[]")
      try await echo(pool, [Int32(1), 2], as: "int4[]")
      try await echo(pool, [[UInt8]([1, 0]), []], as: "bytea[]")
    }
  }

  @Test func `numeric is read as whole number, text or double`() async throws {
    try await withDatabase(empty: true) { pool in
      for text in ["0", "-1", "10000", "123456789012345678901234567890", "0.00012", "-12.50"] {
        let query: Query = "SELECT \(text)::numeric"
        #expect(try await pool.one(query, as: String.self) == text)
      }
      let sum: Query = "SELECT sum(n) FROM generate_series(1::bigint, 100000) n"
      #expect(try await pool.one(sum, as: Int.self) == 5_000_050_000)
      let big: Int128 = -170_141_183_460_469_231_731_687_303_715
      try await echo(pool, big, as: "numeric")
      try await echo(pool, Int128(0), as: "numeric")
      #expect(try await pool.one("SELECT 2.5::numeric", as: Double.self) == 2.5)
      await #expect(throws: DatabaseError.self) {
        try await pool.one("SELECT 2.5::numeric", as: Int.self)
      }
    }
  }

  @Test func `text parameters fit enums, json and inferred types`() async throws {
    try await withDatabase(empty: true) { pool in
      try await pool.execute("CREATE TYPE mood AS ENUM ('sad', 'happy')")
      try await pool.execute("CREATE TABLE day (mood mood, note json, at timestamptz, n int4)")
      try await pool.execute(
        """
        INSERT INTO day (mood, note, at, n)
        VALUES (\(Mood.happy), \(#"{"a":1}"#), \("2026-01-01T00:00:00Z"), \(5))
        """)
      let row = try await pool.one(
        "SELECT mood, note, at, n FROM day WHERE mood = \("happy")",
        as: (Mood, JSONText, Timestamp, Int16).self)
      #expect(row.0 == .happy && row.1.text == #"{"a":1}"#)
      #expect(row.2.description == "2026-01-01T00:00:00Z" && row.3 == 5)
    }
  }

  @Test func `rows become tuples, plain values and structs`() async throws {
    try await withDatabase(empty: true) { pool in
      let rows: Query = "SELECT n, CASE WHEN n > 1 THEN 'x' END FROM generate_series(1, 2) n"
      let tuples = try await pool.all(rows, as: (Int, String?).self)
      #expect(tuples.count == 2 && tuples[0].1 == nil && tuples[1].1 == "x")
      #expect(try await pool.all(rows, of: Idea.self).map(\.id) == [1, 2])
      #expect(try await pool.first(rows + " LIMIT 0", of: Idea.self) == nil)
      #expect(try await pool.first("SELECT 1 WHERE false", as: Int.self) == nil)
      let error = await #expect(throws: DatabaseError.self) {
        try await pool.one(rows, as: (Int, String?).self)
      }
      #expect(error?.kind == .rowCount)
    }
  }

  @Test func `a row that does not fit names its column and not its value`() async throws {
    try await withDatabase(empty: true) { pool in
      let secret = "hunter2"
      let cases: [Query] = [
        "SELECT \(secret)::text AS word", "SELECT NULL::int8 AS word", "SELECT 1, 2 AS word",
      ]
      for query in cases {
        let error = await #expect(throws: DatabaseError.self) {
          try await pool.one(query, as: Int.self)
        }
        #expect(error?.kind == .decoding)
        #expect("\(error?.description ?? secret)".contains(secret) == false)
      }
    }
  }
}
