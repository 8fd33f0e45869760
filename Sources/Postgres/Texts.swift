extension String: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .text }
  public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }

  /// Text of any kind (also enums, json and types of extensions that are sent as text), and the
  /// decimal or canonical form of numeric and uuid.
  public init(cell: Cell) throws {
    var bytes = try cell.content()
    switch cell.oid {
    case 1700:
      self = try Numeric(cell).text
      return
    case 2950:
      self = try UUID(cell: cell).description
      return
    case 3802: bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    case 18, 19, 25, 114, 142, 705, 1042, 1043, 16384...: break
    default: throw cell.mismatch(as: String.self)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw cell.mismatch("is not UTF-8 text")
    }
    self = text
  }
}

/// The text of a json or jsonb value, bound as jsonb.
public struct JSONText: Hashable, Sendable, PostgresEncodable, PostgresDecodable {
  public var text: String
  public init(_ text: String) { self.text = text }

  public static var postgresType: PostgresType { .jsonb }
  public func encode(into bytes: inout [UInt8]) {
    bytes.append(1)  // the version of jsonb's binary form
    bytes.append(contentsOf: text.utf8)
  }
  public init(cell: Cell) throws {
    guard cell.oid == 3802 || cell.oid == 114 else { throw cell.mismatch(as: JSONText.self) }
    text = try String(cell: cell)
  }
}

/// `UInt8` stands here for `[UInt8]`, which is bytea; a single one is a smallint.
extension UInt8: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .int2 }
  public static var postgresArrayType: PostgresType { .bytea }
  public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: Int16(self)) }
  public init(cell: Cell) throws { try self.init(wholeNumber: cell) }

  public static func encodeArray(_ array: [UInt8], into bytes: inout [UInt8]) {
    bytes += array
  }
  public static func decodeArray(_ cell: Cell) throws -> [UInt8] {
    guard cell.oid == PostgresType.bytea.oid else { throw cell.mismatch(as: [UInt8].self) }
    return [UInt8](try cell.content())
  }
}
