import JSON
import Postgres

extension Fields {
  /// A time in RFC 3339.
  public mutating func time(_ name: String) -> Timestamp {
    if let text = json(name)?.string, let time = Timestamp(rfc3339: text) { return time }
    note(name, "must be a time like 2026-01-31T12:00:00Z")
    return Timestamp(microseconds: 0)
  }

  /// An array of ids with the prefix of their kind.
  public mutating func ids<ID: EntityID>(
    _ name: String, _ count: ClosedRange<Int>, as: ID.Type
  ) -> [ID] {
    guard let value = json(name) else {
      note(name, "is required")
      return []
    }
    guard let elements = value.array, count.contains(elements.count) else {
      note(name, "must be an array of \(count.lowerBound) to \(count.upperBound) ids")
      return []
    }
    let ids = elements.compactMap { $0.string.flatMap(ID.init) }
    if ids.count < elements.count { note(name, "must be ids that begin with \(ID.prefix)_") }
    return ids
  }

  /// An array of strings; none when it is absent. The domain looks at what is in them.
  public mutating func texts(_ name: String) -> [String] {
    guard let value = json(name) else { return [] }
    let texts = value.array?.map(\.string) ?? [nil]
    let known = texts.compactMap(\.self)
    if known.count < texts.count { note(name, "must be an array of strings") }
    return known
  }

  /// An array of words of an enum; none when it is absent.
  public mutating func words<Word>(_ name: String, of: Word.Type) -> [Word]
  where Word: RawRepresentable<String> & CaseIterable {
    guard let value = json(name) else { return [] }
    let words = value.array?.map { $0.string.flatMap(Word.init(rawValue:)) } ?? [nil]
    let known = words.compactMap(\.self)
    if known.count < words.count {
      let all = Word.allCases.map(\.rawValue).joined(separator: ", ")
      note(name, "must be an array of: \(all)")
    }
    return known
  }
}
