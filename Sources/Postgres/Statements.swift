/// A statement as one connection knows it: its text and the types its parameters declare.
struct StatementKey: Hashable {
  let sql: String
  let types: [UInt32]

  init(_ query: Query) {
    sql = query.sql
    types = query.binds.map { $0.declared }
  }
}

/// The prepared statements of one connection, the least recently used going first.
struct Statements {
  private struct Entry {
    let name: String
    var used: UInt64
  }

  let limit: Int
  private var entries: [StatementKey: Entry] = [:]
  private var clock: UInt64 = 0
  private var made = 0
  /// Names the server still holds and nobody uses.
  private(set) var garbage: [String] = []

  init(limit: Int) { self.limit = max(1, limit) }

  var count: Int { entries.count }

  /// The statement's name, and whether it has to be prepared first.
  mutating func name(for key: StatementKey) -> (name: String, isNew: Bool) {
    clock += 1
    if let index = entries.index(forKey: key) {
      entries.values[index].used = clock
      return (entries.values[index].name, false)
    }
    if entries.count >= limit { evict() }
    made += 1
    let name = "s\(made)"
    entries[key] = Entry(name: name, used: clock)
    return (name, true)
  }

  /// Forgets a statement that failed, unless it was prepared anew meanwhile.
  mutating func forget(_ key: StatementKey, name: String, isOnServer: Bool) {
    if entries[key]?.name == name { entries[key] = nil }
    if isOnServer, !garbage.contains(name) { garbage.append(name) }
  }

  mutating func takeGarbage() -> [String] {
    defer { garbage = [] }
    return garbage
  }

  /// After DISCARD ALL the server knows none.
  mutating func removeAll() {
    entries = [:]
    garbage = []
  }

  private mutating func evict() {
    guard let oldest = entries.min(by: { $0.value.used < $1.value.used }) else { return }
    garbage.append(oldest.value.name)
    entries[oldest.key] = nil
  }
}
