/// Everything that is wrong with what somebody sent, by JSON pointer (RFC 6901).
public struct Invalid: Error, Sendable, CustomStringConvertible {
  /// A JSON pointer and what is wrong there.
  public typealias Fault = (pointer: String, message: String)

  public private(set) var fields: [Fault] = []

  public init() {}

  public init(_ pointer: String, _ message: String) {
    add(pointer, message)
  }

  /// Throws when there is a fault to tell.
  public static func refuse(_ faults: [Fault]) throws(Invalid) {
    if faults.isEmpty { return }
    var invalid = Invalid()
    for (pointer, message) in faults { invalid.add(pointer, message) }
    throw invalid
  }

  /// The same faults of a value that sits at `pointer` in a larger one.
  public func within(_ pointer: String) -> Invalid {
    var outer = Invalid()
    for field in fields { outer.add(pointer + field.pointer, field.message) }
    return outer
  }

  public var isEmpty: Bool { fields.isEmpty }

  public mutating func add(_ pointer: String, _ message: String) {
    fields.append((pointer, message))
  }

  public mutating func add(_ other: Invalid) {
    fields += other.fields
  }

  public var description: String {
    fields.map { "\($0.pointer): \($0.message)" }.joined(separator: "; ")
  }

  /// A member's name as it stands in a pointer.
  public static func escape(_ key: String) -> String {
    key.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
      .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
  }
}
