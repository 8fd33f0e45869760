/// The decoded `name=value` pairs behind the question mark, in their order.
public struct QueryItems: Sendable {
  /// The pairs in their order, escapes and plus signs resolved.
  public private(set) var items: [(name: String, value: String)] = []

  /// No pairs.
  public init() {}

  /// Whether the target had no query, or an empty one.
  public var isEmpty: Bool { items.isEmpty }

  /// The first value of that name; "" for a name without a value.
  public subscript(name: String) -> String? {
    items.first { $0.name == name }?.value
  }

  /// All values of that name in their order.
  public func all(_ name: String) -> [String] {
    items.filter { $0.name == name }.map(\.value)
  }

  /// Nil when an escape is broken or what it says is not UTF-8.
  init?(_ text: Substring.UTF8View) {
    for pair in text.split(separator: UInt8(ascii: "&")) {
      let sides = pair.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = percentDecoded(sides[0], plusIsSpace: true),
        let value = sides.count > 1 ? percentDecoded(sides[1], plusIsSpace: true) : ""
      else { return nil }
      items.append((name, value))
    }
  }
}
