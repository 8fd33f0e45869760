/// Values that were used lately, as many as there is room for: what was asked for longest ago goes
/// first. To be kept behind a lock.
public struct Recent<Key: Hashable, Value> {
  public let limit: Int
  /// What all of them take.
  public private(set) var size = 0
  private var entries: [Key: (value: Value, size: Int, turn: UInt64)] = [:]
  private var turn: UInt64 = 0

  public init(limit: Int) { self.limit = limit }

  public var keys: Set<Key> { Set(entries.keys) }

  public mutating func find(_ key: Key) -> Value? {
    turn += 1
    entries[key]?.turn = turn
    return entries[key]?.value
  }

  /// Keeps a value in the place of the key's last one, unless it has no room even alone.
  public mutating func keep(_ value: Value, as key: Key, size: Int) {
    if let old = entries.removeValue(forKey: key) { self.size -= old.size }
    if size > limit { return }
    while self.size + size > limit,
      let oldest = entries.min(by: { $0.value.turn < $1.value.turn })
    {
      entries[oldest.key] = nil
      self.size -= oldest.value.size
    }
    turn += 1
    entries[key] = (value, size, turn)
    self.size += size
  }
}

extension Recent: Sendable where Key: Sendable, Value: Sendable {}
