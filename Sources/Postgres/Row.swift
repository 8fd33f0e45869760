/// One row of a result.
public struct Row: Sendable {
  let result: ResultBox
  let index: Int

  /// How many columns it has.
  public var count: Int { result.columns }

  /// Reads the columns in order; there must be as many as types.
  ///
  ///     let (id, title) = try row.decode((UUID, String).self)
  ///
  /// - Throws: `DatabaseError` of kind `.decoding`, which names the column and not the value.
  public func decode<each Column: PostgresDecodable>(_ type: (repeat each Column).Type) throws
    -> (repeat each Column)
  {
    var reader = RowReader(row: self)
    let columns = (repeat try reader.next((each Column).self))
    try reader.finish()
    return columns
  }

  /// Reads the row into a type of its own.
  public func decode<Value: RowDecodable>(_ type: Value.Type) throws -> Value {
    var reader = RowReader(row: self)
    let value = try Value(row: &reader)
    try reader.finish()
    return value
  }
}

/// A type that reads itself from a row, column by column.
///
///     init(row: inout RowReader) throws {
///       id = try row.next()
///       title = try row.next()
///     }
public protocol RowDecodable {
  init(row: inout RowReader) throws
}

/// Walks over the columns of one row.
public struct RowReader {
  private let row: Row
  private var column = 0

  init(row: Row) { self.row = row }

  /// The next column's value.
  /// - Throws: `DatabaseError` of kind `.decoding`.
  public mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws
    -> Value
  {
    guard column < row.count else {
      throw DatabaseError(
        kind: .decoding, message: "the row has \(row.count) columns, more were asked for")
    }
    defer { column += 1 }
    return try Value(cell: row.result.cell(row: row.index, column: column))
  }

  func finish() throws {
    guard column == row.count else {
      throw DatabaseError(
        kind: .decoding, message: "the row has \(row.count) columns, \(column) were read")
    }
  }
}
