import CLibPQ

/// Takes the bytes of a COPY towards the server, in the format its statement asks for.
public final class CopyWriter {
  private let connection: Connection
  private var buffer: [UInt8] = []
  private static let size = 65_536

  init(_ connection: Connection) { self.connection = connection }

  /// Sends bytes; returns when there is room for more, so memory stays flat.
  public nonisolated(nonsending) func write(_ bytes: [UInt8]) async throws {
    buffer += bytes
    if buffer.count >= CopyWriter.size { try await flush() }
  }

  /// Sends one row of a binary COPY: the values' types must be exactly those of the columns.
  nonisolated(nonsending) func write<each Value: PostgresEncodable>(
    row values: repeat each Value
  ) async throws {
    let start = buffer.count
    buffer.append(bigEndian: Int16(0))
    var count: Int16 = 0
    for value in repeat each values {
      ArrayFormat.encode(element: value, into: &buffer)
      count += 1
    }
    buffer.overwrite(at: start, bigEndian: count)
    if buffer.count >= CopyWriter.size { try await flush() }
  }

  nonisolated(nonsending) func flush() async throws {
    guard !buffer.isEmpty else { return }
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    try await connection.putCopy(bytes)
  }
}

/// Takes rows of a binary COPY, the fastest way in.
public struct CopyRows {
  let writer: CopyWriter

  /// Sends one row. Each value's type must be exactly that of its column: `Int` for bigint,
  /// `Int32` for integer, `String` for text.
  public nonisolated(nonsending) func write<each Value: PostgresEncodable>(
    _ values: repeat each Value
  ) async throws {
    try await writer.write(row: repeat each values)
  }
}

/// A connection held for oneself, on which COPY can run.
public protocol Copying: Queryable {
  /// Where COPY is to run, prepared for it.
  nonisolated(nonsending) func connectionForCopy() async throws -> CopyPlace
}

/// Names the connection of a `Copying` without showing it.
public struct CopyPlace: Sendable {
  let connection: Connection
}

extension Session: Copying {
  public nonisolated(nonsending) func connectionForCopy() async throws -> CopyPlace {
    CopyPlace(connection: connection)
  }
}

extension Transaction: Copying {
  public nonisolated(nonsending) func connectionForCopy() async throws -> CopyPlace {
    _ = try await run("SELECT 1")  // opens the transaction if nothing has yet
    return CopyPlace(connection: connection)
  }
}

extension Copying {
  /// Runs `COPY … FROM STDIN` with the bytes that `body` writes. When `body` throws, nothing is
  /// copied.
  /// - Returns: how many rows were copied.
  @discardableResult
  public nonisolated(nonsending) func copyIn(
    _ sql: String, _ body: nonisolated(nonsending) (CopyWriter) async throws -> Void
  ) async throws -> Int {
    let connection = try await connectionForCopy().connection
    try await connection.beginCopy(sql, PGRES_COPY_IN)
    let writer = CopyWriter(connection)
    do {
      try await body(writer)
      try await writer.flush()
    } catch {
      try await connection.abandonCopyIn(after: error)
      throw error
    }
    return try await connection.endCopyIn()
  }

  /// Runs `COPY … FROM STDIN` with the chunks of a sequence, taking the next one when there is
  /// room.
  /// - Returns: how many rows were copied.
  @discardableResult
  public nonisolated(nonsending) func copyIn<Chunks: AsyncSequence>(
    _ sql: String, from chunks: Chunks
  ) async throws -> Int where Chunks.Element == [UInt8] {
    try await copyIn(sql) { writer in
      for try await chunk in chunks { try await writer.write(chunk) }
    }
  }

  /// Copies the rows that `body` writes into a table, in binary.
  ///
  ///     try await db.copyRows(into: "votes", columns: ["idea_id", "member_id"]) { rows in
  ///       for vote in votes { try await rows.write(vote.idea, vote.member) }
  ///     }
  /// - Returns: how many rows were copied.
  @discardableResult
  public nonisolated(nonsending) func copyRows(
    into table: String, columns: [String],
    _ body: nonisolated(nonsending) (CopyRows) async throws -> Void
  ) async throws -> Int {
    let names = columns.map(Identifier.quoted).joined(separator: ", ")
    let sql = "COPY \(Identifier.quoted(table)) (\(names)) FROM STDIN (FORMAT binary)"
    return try await copyIn(sql) { writer in
      try await writer.write(
        Array("PGCOPY\n".utf8) + [255, 13, 10, 0] + .init(repeating: 0, count: 8))
      try await body(CopyRows(writer: writer))
      try await writer.write([255, 255])
    }
  }

  /// Runs `COPY … TO STDOUT`. The bytes come as they arrive, whole rows in each chunk; read them to
  /// the end, or give the session or transaction up.
  public func copyOut(_ sql: String) -> CopyOut { CopyOut(source: self, sql: sql) }
}

/// The bytes of a COPY from the server.
public struct CopyOut: AsyncSequence {
  public typealias Element = [UInt8]
  let source: any Copying
  let sql: String

  /// Starts reading; one COPY can be read once.
  public func makeAsyncIterator() -> Iterator { Iterator(source: source, sql: sql) }

  /// Gives the bytes in the pieces that the server sends.
  public struct Iterator: AsyncIteratorProtocol {
    let source: any Copying
    let sql: String
    private var connection: Connection?
    private var isOver = false

    init(source: any Copying, sql: String) {
      self.source = source
      self.sql = sql
    }

    public mutating func next() async throws -> [UInt8]? {
      try await next(isolation: nil)
    }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
      if isOver { return nil }
      if connection == nil {
        let place = try await source.connectionForCopy().connection
        try await place.beginCopy(sql, PGRES_COPY_OUT)
        connection = place
      }
      let chunk = try await connection?.takeCopy()
      isOver = chunk == nil
      return chunk
    }
  }
}

/// SQL's quoted names.
enum Identifier {
  static func quoted(_ name: String) -> String {
    var quoted = "\""
    for character in name { quoted += character == "\"" ? "\"\"" : String(character) }
    return quoted + "\""
  }
}
