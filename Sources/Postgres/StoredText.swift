/// Text that stays where libpq received it, for what is only passed on.
///
/// It keeps the whole result alive: keep `string` instead where it is to stay for longer.
public struct StoredText: Sendable, Equatable, CustomStringConvertible, PostgresDecodable {
  private let box: ResultBox
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  public init(cell: Cell) throws {
    switch cell.oid {
    case 18, 19, 25, 1042, 1043: break
    default: throw cell.mismatch(as: StoredText.self)
    }
    box = cell.result
    bytes = try cell.content()
  }

  /// Lends the text; PostgreSQL sends valid UTF-8 only, as the connection asks for it.
  public func withUTF8<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
    try withExtendedLifetime(box) { try body(bytes) }
  }

  /// A copy of its own.
  public var string: String { withUTF8 { String(decoding: $0, as: UTF8.self) } }
  public var description: String { string }

  public static func == (left: StoredText, right: StoredText) -> Bool {
    left.withUTF8 { left in right.withUTF8 { left.elementsEqual($0) } }
  }

  public static func == (left: StoredText, right: String) -> Bool {
    left.withUTF8 { $0.elementsEqual(right.utf8) }
  }
}
