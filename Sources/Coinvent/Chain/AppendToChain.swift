import Postgres

/// Adds an entry to the end of the chain, in the transaction that makes its thing final.
enum AppendToChain {
  enum Outcome: Sendable, Equatable {
    case repeated
    case appended(ChainLink)
  }

  /// Writers wait here for each other until they commit: call it last, when the transaction holds
  /// every other lock that it needs.
  private static let lock: Int64 = 0x636f_696e_0010

  @discardableResult
  static func run(_ entry: ChainEntry, in tx: Transaction) async throws -> Outcome {
    try await tx.execute("SELECT pg_advisory_xact_lock(\(lock))")
    if try await has(entry, in: tx) { return .repeated }
    let last = try await head(in: tx)
    let link = ChainLink(
      number: (last?.number ?? 0) + 1, previous: last?.hash ?? ChainLink.beginning,
      digest: entry.digest)
    try await tx.execute(
      """
      INSERT INTO proof_entries (number, previous, kind, thing, step, content, moment, digest, hash)
      VALUES (\(link.number), \(link.previous), \(entry.kind.rawValue), \(entry.thing),
        \(Int32(entry.step)), \(entry.content), \(entry.moment), \(link.digest), \(link.hash))
      """)
    return .appended(link)
  }

  private static func has(_ entry: ChainEntry, in tx: Transaction) async throws -> Bool {
    try await tx.one(
      """
      SELECT EXISTS (
        SELECT FROM proof_entries
        WHERE kind = \(entry.kind.rawValue) AND thing = \(entry.thing)
          AND step = \(Int32(entry.step)))
      """, as: Bool.self)
  }

  /// The end of the chain; nil when it is empty.
  static func head(in db: some Queryable) async throws -> (number: Int64, hash: [UInt8])? {
    let row = try await db.first(
      "SELECT number, hash FROM proof_entries ORDER BY number DESC LIMIT 1",
      as: (Int64, [UInt8]).self)
    return row.map { (number: $0, hash: $1) }
  }
}
