/// PostgreSQL's binary form of a one-dimensional array.
enum ArrayFormat {
  static func encode<Element: PostgresEncodable>(_ array: [Element], into bytes: inout [UInt8]) {
    let hasNull = array.contains { $0.isNull }
    bytes.append(bigEndian: Int32(array.isEmpty ? 0 : 1))
    bytes.append(bigEndian: Int32(hasNull ? 1 : 0))
    bytes.append(bigEndian: Element.postgresType.oid)
    if array.isEmpty { return }
    bytes.append(bigEndian: Int32(array.count))
    bytes.append(bigEndian: Int32(1))
    for element in array { encode(element: element, into: &bytes) }
  }

  /// Length and bytes of one element or COPY field; −1 for NULL.
  static func encode<Element: PostgresEncodable>(element: Element, into bytes: inout [UInt8]) {
    guard !element.isNull else {
      bytes.append(bigEndian: Int32(-1))
      return
    }
    let start = bytes.count
    bytes.append(bigEndian: Int32(0))
    element.encode(into: &bytes)
    bytes.overwrite(at: start, bigEndian: Int32(bytes.count - start - 4))
  }

  static func decode<Element: PostgresDecodable>(_ cell: Cell) throws -> [Element] {
    let bytes = try cell.content()
    guard bytes.count >= 12 else { throw cell.mismatch(as: [Element].self) }
    let dimensions = bytes.integer(Int32.self)
    let oid = bytes.integer(UInt32.self, at: 8)
    if dimensions == 0 { return [] }
    guard dimensions == 1, bytes.count >= 20 else { throw cell.mismatch(as: [Element].self) }
    let count = Int(bytes.integer(Int32.self, at: 12))
    guard count >= 0, count <= (bytes.count - 20) / 4 else {
      throw cell.mismatch(as: [Element].self)
    }
    var elements: [Element] = []
    elements.reserveCapacity(count)
    var offset = 20
    for _ in 0..<count {
      elements.append(try Element(cell: element(of: cell, bytes, at: &offset, oid: oid)))
    }
    return elements
  }

  private static func element(
    of cell: Cell, _ bytes: UnsafeRawBufferPointer, at offset: inout Int, oid: UInt32
  ) throws -> Cell {
    guard offset + 4 <= bytes.count else { throw cell.mismatch("ends inside an array") }
    let length = Int(bytes.integer(Int32.self, at: offset))
    offset += 4
    if length < 0 { return cell.element(nil, oid: oid) }
    guard offset + length <= bytes.count else { throw cell.mismatch("ends inside an array") }
    defer { offset += length }
    return cell.element(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]), oid: oid)
  }
}
