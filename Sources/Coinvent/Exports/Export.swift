import Postgres

/// Writes all ideas, votes or comments as CSV or JSON Lines, as they are at one moment.
///
/// Rows come from a cursor, a few thousand at a time, and the next ones are asked for when the
/// last are taken: memory stays flat however many there are.
public enum Export {
  public enum Kind: String, CaseIterable, Sendable { case ideas, votes, comments }

  public enum Format: String, CaseIterable, Sendable {
    /// RFC 4180 in UTF-8 with a header; see `CSVGuard`.
    case csv
    /// One JSON object a line.
    case jsonl
  }

  /// Rows that are in memory at once.
  static let page = 4000

  /// - Parameters:
  ///   - progress: told now and then how many rows are written.
  ///   - sink: takes the bytes, whole rows at a time; the next are read when it returns.
  /// - Returns: how many rows there are.
  public nonisolated(nonsending) static func run(
    _ kind: Kind, as format: Format, from pool: Pool, progress: (Int) -> Void = { _ in },
    to sink: nonisolated(nonsending) ([UInt8]) async throws -> Void
  ) async throws -> Int {
    if kind == .votes { try await ExportedVote.makeKey(in: pool) }
    // Not repeated: what the sink has taken cannot be taken back.
    return try await pool.transaction(isolation: .repeatableRead, readOnly: true, retries: 0) {
      try await $0.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
      switch kind {
      case .ideas: return try await send(ExportedIdea.self, format, $0, progress, sink)
      case .votes: return try await send(ExportedVote.self, format, $0, progress, sink)
      case .comments: return try await send(ExportedComment.self, format, $0, progress, sink)
      }
    }
  }

  private nonisolated(nonsending) static func send<Row: ExportedRow>(
    _ type: Row.Type, _ format: Format, _ tx: Transaction, _ progress: (Int) -> Void,
    _ sink: nonisolated(nonsending) ([UInt8]) async throws -> Void
  ) async throws -> Int {
    try await tx.execute(Row.declare)
    var writer = RecordWriter(format)
    writer.header(Row.columns)
    var count = 0
    while true {
      let rows = try await tx.all(Row.fetch, of: Row.self)
      for row in rows { writer.row { row.write(into: &$0) } }
      try await sink(writer.take())
      count += rows.count
      progress(count)
      if rows.count < page { return count }
    }
  }
}

/// One row of an export.
protocol ExportedRow: RowDecodable, Sendable {
  /// The names of the fields, in their order.
  static var columns: [StaticString] { get }
  /// Opens the cursor, and reads a page of it. A name of its own: statements are prepared, and each
  /// name must keep its columns.
  static var declare: Query { get }
  static var fetch: Query { get }

  /// Writes the fields named by `columns`.
  func write(into record: inout RecordWriter)
}
