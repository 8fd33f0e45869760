/// The members of a JSON object in the order they were written; each key is there once.
public struct JSONObject: Sendable {
  public private(set) var members: [(key: String, value: JSON)] = []

  public init() {}

  public var count: Int { members.count }
  public var isEmpty: Bool { members.isEmpty }
  public var keys: [String] { members.map(\.key) }

  /// Reads, replaces in place, adds at the end, or removes with nil. Looks through all members.
  public subscript(key: String) -> JSON? {
    get { members.first { $0.key == key }?.value }
    set {
      let place = members.firstIndex { $0.key == key }
      switch (place, newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): members.remove(at: place)
      case (nil, let value?): members.append((key, value))
      case (nil, nil): break
      }
    }
  }

  /// Adds a member whose key is known to be new.
  mutating func append(_ key: String, _ value: JSON) {
    members.append((key, value))
  }

  mutating func reserve(_ count: Int) {
    members.reserveCapacity(count)
  }
}

extension JSONObject: Equatable {
  /// The order of members does not matter, as in JSON itself.
  public static func == (one: JSONObject, other: JSONObject) -> Bool {
    guard one.count == other.count else { return false }
    if zip(one.members, other.members).allSatisfy({ $0 == $1 }) { return true }
    let values = Dictionary(uniqueKeysWithValues: other.members.map { ($0.key, $0.value) })
    return one.members.allSatisfy { values[$0.key] == $0.value }
  }
}

extension JSONObject: Sequence {
  public func makeIterator() -> IndexingIterator<[(key: String, value: JSON)]> {
    members.makeIterator()
  }
}
