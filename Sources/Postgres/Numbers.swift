extension Bool: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .bool }
  public func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
  public init(cell: Cell) throws {
    guard cell.oid == PostgresType.bool.oid else { throw cell.mismatch(as: Bool.self) }
    self = try cell.content(size: 1, as: Bool.self)[0] != 0
  }
}

extension FixedWidthInteger {
  /// Any whole number that fits: smallint, integer, bigint, oid, and a numeric without a fraction.
  init(wholeNumber cell: Cell) throws {
    let bytes = try cell.content()
    let wide: Int128
    switch (cell.oid, bytes.count) {
    case (20, 8): wide = Int128(bytes.integer(Int64.self))
    case (23, 4): wide = Int128(bytes.integer(Int32.self))
    case (21, 2): wide = Int128(bytes.integer(Int16.self))
    case (26, 4): wide = Int128(bytes.integer(UInt32.self))
    case (1700, 8...): wide = try Numeric(cell).whole(cell)
    default: throw cell.mismatch(as: Self.self)
    }
    guard let value = Self(exactly: wide) else {
      throw cell.mismatch("holds a number too large for \(Self.self)")
    }
    self = value
  }
}

extension Int16: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .int2 }
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
  public init(cell: Cell) throws { try self.init(wholeNumber: cell) }
}

extension Int32: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .int4 }
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
  public init(cell: Cell) throws { try self.init(wholeNumber: cell) }
}

extension Int64: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .int8 }
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
  public init(cell: Cell) throws { try self.init(wholeNumber: cell) }
}

/// `Int` is bigint.
extension Int: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .int8 }
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: Int64(self)) }
  public init(cell: Cell) throws { try self.init(wholeNumber: cell) }
}

/// `Int128` is numeric, which is what PostgreSQL's `sum(bigint)` gives.
extension Int128: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .numeric }
  public func encode(into bytes: inout [UInt8]) { Numeric(self).encode(into: &bytes) }
  public init(cell: Cell) throws { try self.init(wholeNumber: cell) }
}

extension Double: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .float8 }
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: bitPattern) }
  public init(cell: Cell) throws {
    let bytes = try cell.content()
    switch (cell.oid, bytes.count) {
    case (701, 8): self.init(bitPattern: bytes.integer(UInt64.self))
    case (700, 4): self.init(Float(bitPattern: bytes.integer(UInt32.self)))
    case (20, 8), (21, 2), (23, 4): self.init(try Int64(wholeNumber: cell))
    case (1700, 8...):
      guard let value = Double(try Numeric(cell).text) else {
        throw cell.mismatch(as: Double.self)
      }
      self = value
    default: throw cell.mismatch(as: Double.self)
    }
  }
}
