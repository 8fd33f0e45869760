import CSodium
import EventLoop
import Glibc
import Postgres

/// Where a vote came from, as far as votes of the same day can be compared: keyed hashes of the
/// client's network and of its session. Neither can be undone without the day's key, and that is
/// destroyed.
public struct VoteMark: Sendable, Hashable {
  public let origin: Int32?
  public let session: Int32?

  public static let none = VoteMark(origin: nil, session: nil)

  public init(origin: Int32?, session: Int32?) {
    self.origin = origin
    self.session = session
  }
}

/// Makes the marks of votes. All servers use the same key of a day, which the database keeps.
public final class VoteMarks: Sendable {
  /// Keys older than this are destroyed.
  public static let lookBack = 7

  private struct Key: Sendable {
    let day: Day
    let bytes: [UInt8]
  }

  private let key = Locked<Key?>(nil)
  private let pool: Pool

  public init(pool: Pool) { self.pool = pool }

  /// - Parameter address: as text; only its network goes into the mark: the first 24 bits of an
  ///   IPv4 address, 64 of an IPv6 one.
  public func mark(address: String, token: TokenID, at now: Timestamp = .now) async throws
    -> VoteMark
  {
    let day = now.day
    if let known = key.withLock({ $0 }), known.day == day {
      return VoteMarks.mark(address, token, known.bytes)
    }
    let bytes = try await VoteMarks.key(of: day, at: now, in: pool)
    key.withLock { $0 = Key(day: day, bytes: bytes) }
    return VoteMarks.mark(address, token, bytes)
  }

  /// The first server that asks makes the key of a day.
  private static func key(of day: Day, at now: Timestamp, in db: some Queryable) async throws
    -> [UInt8]
  {
    try await db.execute(
      """
      INSERT INTO mark_keys (day, key, made_at) VALUES (\(day), \(Digest.random(16)), \(now))
      ON CONFLICT DO NOTHING
      """)
    return try await db.one("SELECT key FROM mark_keys WHERE day = \(day)", as: [UInt8].self)
  }

  /// Destroys the keys that nobody looks back to.
  @discardableResult
  public static func forget(at now: Timestamp = .now, in db: some Queryable) async throws -> Int {
    try await db.execute("DELETE FROM mark_keys WHERE day < \(now.day.adding(days: -lookBack))")
  }

  private static func mark(_ address: String, _ token: TokenID, _ key: [UInt8]) -> VoteMark {
    VoteMark(
      origin: network(of: address).map { hash([1] + $0, key) },
      session: hash([2] + token.uuid.bytes, key))
  }

  /// The network's bytes; nil for what is no address.
  static func network(of address: String) -> [UInt8]? {
    var four = in_addr()
    if inet_pton(AF_INET, address, &four) == 1 {
      return withUnsafeBytes(of: &four) { Array($0.prefix(3)) }
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, address, &six) == 1 else { return nil }
    return withUnsafeBytes(of: &six) { bytes in
      let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
      return isMapped ? Array(bytes[12..<15]) : Array(bytes.prefix(8))
    }
  }

  /// The first half of SipHash's 64 bits: enough to tell networks apart, too little to tell more.
  private static func hash(_ bytes: [UInt8], _ key: [UInt8]) -> Int32 {
    var hash = [UInt8](repeating: 0, count: Int(crypto_shorthash_BYTES))
    _ = crypto_shorthash(&hash, bytes, UInt64(bytes.count), key)
    return hash.prefix(4).reduce(Int32(0)) { $0 << 8 | Int32($1) }
  }
}
