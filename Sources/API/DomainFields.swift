import Coinvent
import HTTPServer
import JSON
import Postgres

/// Members of JSON objects that are written in place, without a `String` on the way.
extension JSONWriter {
  mutating func field<ID: EntityID>(_ key: StaticString, _ id: ID) {
    field(key, asciiOf: ID.textLength) { id.write(into: $0) }
  }

  mutating func field(_ key: StaticString, _ time: Timestamp) {
    field(key, asciiOf: Timestamp.textLimit) { time.write(into: $0) }
  }

  /// Null when there is none.
  mutating func field(_ key: StaticString, _ time: Timestamp?) {
    if let time { field(key, time) } else { field(key, nil as String?) }
  }

  /// A member whose value is JSON that the database has written.
  mutating func field(_ key: StaticString, json text: StoredText) {
    self.key(key)
    text.withUTF8 { raw(utf8: $0) }
  }

  mutating func field(_ key: StaticString, _ text: StoredText) {
    text.withUTF8 { field(key, utf8: $0) }
  }
}

extension QueryItems {
  /// The `limit` of a list that is read page by page.
  func limit(_ invalid: inout Invalid) -> Int {
    guard let text = self["limit"], !text.isEmpty else { return 20 }
    if let limit = Int(text), (1...100).contains(limit) { return limit }
    invalid.add("/limit", "must be a whole number from 1 to 100")
    return 20
  }
}
