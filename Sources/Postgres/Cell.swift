/// One column of one row while it is decoded; not to be kept.
public struct Cell {
  let bytes: UnsafeRawBufferPointer?
  /// The number of the column's type in PostgreSQL's catalogue.
  public let oid: UInt32
  let result: ResultBox
  let column: Int

  public var isNull: Bool { bytes == nil }

  /// The bytes of a cell that must not be NULL.
  func content() throws -> UnsafeRawBufferPointer {
    guard let bytes else { throw mismatch("is NULL") }
    return bytes
  }

  /// The bytes of a cell of fixed size.
  func content(size: Int, as swift: Any.Type) throws -> UnsafeRawBufferPointer {
    let bytes = try content()
    guard bytes.count == size else { throw mismatch(as: swift) }
    return bytes
  }

  /// The error of a cell that does not fit: which column and why, never the value.
  public func mismatch(_ reason: String) -> DatabaseError {
    let name = result.columnName(column)
    return DatabaseError(kind: .decoding, message: "column \(column + 1) (\(name)) \(reason)")
  }

  public func mismatch(as swift: Any.Type) -> DatabaseError {
    mismatch("of type \(oid) cannot be read as \(swift)")
  }

  /// An element of an array, told apart from its column only by its own bytes.
  func element(_ bytes: UnsafeRawBufferPointer?, oid: UInt32) -> Cell {
    Cell(bytes: bytes, oid: oid, result: result, column: column)
  }
}

extension UnsafeRawBufferPointer {
  /// The big-endian integer at `offset`; the caller has checked that it is there.
  func integer<T: FixedWidthInteger>(_ type: T.Type, at offset: Int = 0) -> T {
    T(bigEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}

extension [UInt8] {
  mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }

  mutating func overwrite<T: FixedWidthInteger>(at offset: Int, bigEndian value: T) {
    Swift.withUnsafeBytes(of: value.bigEndian) {
      replaceSubrange(offset..<offset + $0.count, with: $0)
    }
  }
}
