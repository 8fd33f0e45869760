/// A Swift type that travels to and from PostgreSQL in its binary format.
public typealias PostgresValue = PostgresEncodable & PostgresDecodable

/// A value that an interpolated `Query` can bind.
public protocol PostgresEncodable: Sendable {
  static var postgresType: PostgresType { get }
  /// The type of an array of these.
  static var postgresArrayType: PostgresType { get }
  /// True binds NULL, and `encode` is not called.
  var isNull: Bool { get }
  /// Appends the binary form (for text: its UTF-8).
  func encode(into bytes: inout [UInt8])
  static func encodeArray(_ array: [Self], into bytes: inout [UInt8])
}

/// A value that can be read from a column.
public protocol PostgresDecodable: Sendable {
  /// - Throws: `DatabaseError` of kind `.decoding` when the cell holds another type, or NULL where
  ///   the Swift type is not optional.
  init(cell: Cell) throws
  static func decodeArray(_ cell: Cell) throws -> [Self]
}

extension PostgresEncodable {
  public var isNull: Bool { false }

  public static var postgresArrayType: PostgresType {
    PostgresType(oid: postgresType.arrayOid, arrayOid: 0)
  }

  /// Writes an array of such values as PostgreSQL sends arrays.
  public static func encodeArray(_ array: [Self], into bytes: inout [UInt8]) {
    ArrayFormat.encode(array, into: &bytes)
  }
}

extension PostgresDecodable {
  /// Reads a one-dimensional array without NULLs; throws `DatabaseError` of kind `.decoding`.
  public static func decodeArray(_ cell: Cell) throws -> [Self] {
    try ArrayFormat.decode(cell)
  }
}

/// A type that is stored as another one: an id as its UUID, an amount as its Int64.
///
///     extension MemberID: PostgresWrapper {
///       var stored: UUID { uuid }
///       init(stored: UUID) { self.init(uuid: stored) }
///     }
public protocol PostgresWrapper: PostgresEncodable, PostgresDecodable {
  associatedtype Stored: PostgresEncodable & PostgresDecodable
  var stored: Stored { get }
  init(stored: Stored) throws
}

extension PostgresWrapper {
  public static var postgresType: PostgresType { Stored.postgresType }
  public func encode(into bytes: inout [UInt8]) { stored.encode(into: &bytes) }
  public init(cell: Cell) throws { try self.init(stored: Stored(cell: cell)) }
}

/// An enum of text or numbers needs no more than `enum State: String, PostgresValue`.
extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
  public static var postgresType: PostgresType { RawValue.postgresType }
  public func encode(into bytes: inout [UInt8]) { rawValue.encode(into: &bytes) }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
  public init(cell: Cell) throws {
    guard let value = Self(rawValue: try RawValue(cell: cell)) else {
      throw cell.mismatch("is none of the values of \(Self.self)")
    }
    self = value
  }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  public static var postgresType: PostgresType { Wrapped.postgresType }
  public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
  public var isNull: Bool {
    switch self {
    case .none: true
    case .some(let value): value.isNull
    }
  }
  public func encode(into bytes: inout [UInt8]) {
    if let self { self.encode(into: &bytes) }
  }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  public init(cell: Cell) throws {
    self = cell.isNull ? nil : try Wrapped(cell: cell)
  }
}

extension Array: PostgresEncodable where Element: PostgresEncodable {
  public static var postgresType: PostgresType { Element.postgresArrayType }
  public func encode(into bytes: inout [UInt8]) { Element.encodeArray(self, into: &bytes) }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
  public init(cell: Cell) throws { self = try Element.decodeArray(cell) }
}
