import Postgres

/// What everybody may read of the chain: keys, checkpoints, and the hashes between them.
public enum PublicChain {
  public struct Key: Sendable {
    public let key: PublicKey
    public let madeAt: Timestamp
  }

  /// The newest first: it signs now.
  public static func keys(in db: some Queryable) async throws -> [Key] {
    let rows = try await db.all(
      "SELECT public_key, name, made_at FROM proof_keys ORDER BY made_at DESC, public_key",
      as: ([UInt8], String, Timestamp).self)
    return rows.compactMap { bytes, name, at in
      PublicKey(name: name, bytes: bytes).map { Key(key: $0, madeAt: at) }
    }
  }

  public struct Signed: Sendable {
    public let size: Int64
    public let signedAt: Timestamp
    public let note: String
  }

  /// The newest first, below a size.
  public static func checkpoints(limit: Int, below size: Int64?, in db: some Queryable)
    async throws -> [Signed]
  {
    try await db.all(
      """
      SELECT size, signed_at, note FROM proof_checkpoints
      WHERE \(size)::bigint IS NULL OR size < \(size)
      ORDER BY size DESC, signed_at DESC LIMIT \(Int64(limit))
      """, as: (Int64, Timestamp, String).self
    ).map { Signed(size: $0, signedAt: $1, note: $2) }
  }

  /// The entries behind one, in order: enough to walk from a checkpoint to a later one.
  public static func links(after number: Int64, limit: Int, in db: some Queryable) async throws
    -> [(link: ChainLink, hash: [UInt8])]
  {
    try await db.all(
      """
      SELECT number, previous, digest, hash FROM proof_entries
      WHERE number > \(number) ORDER BY number LIMIT \(Int64(limit))
      """, as: (Int64, [UInt8], [UInt8], [UInt8]).self
    ).map { (link: ChainLink(number: $0, previous: $1, digest: $2), hash: $3) }
  }
}
