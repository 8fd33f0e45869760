import Postgres

/// Secrets under which shops sign what they send.
///
/// Both sides compute the same HMAC, so that they are kept as they are, like the keys of this
/// installation; only the database knows them.
public enum HookSecrets {
  /// In whose way a delivery is signed.
  public enum Signer: String, CaseIterable, Sendable {
    /// Standard Webhooks, with our own lines.
    case standard
    case shopify, woocommerce
  }

  /// What is told of a secret; never itself.
  public struct Entry: Sendable {
    public let source: String
    public let number: Int32
    public let signer: Signer
    public let addedAt: Timestamp
    public let retiredAt: Timestamp?
  }

  /// A new secret in the form in which it is shown once.
  public static func make(_ signer: Signer) -> String {
    let text = Base64.encode(Digest.random(32))
    return signer == .standard ? "whsec_" + text : text
  }

  /// The key that a secret stands for; nil for one that is none.
  /// - Parameter text: `whsec_…` in base64 for Standard Webhooks, else as the shop shows it.
  static func key(_ text: String, _ signer: Signer) -> [UInt8]? {
    let key: [UInt8]?
    switch signer {
    case .standard:
      key = text.hasPrefix("whsec_") ? Base64.decode(String(text.dropFirst(6))) : nil
    case .shopify, .woocommerce: key = Array(text.utf8)
    }
    return key.flatMap { (8...256).contains($0.count) ? $0 : nil }
  }

  public enum Outcome: Sendable, Equatable {
    case added(number: Int32)
    case malformed
  }

  /// Adds a secret; earlier ones stay good until they are retired.
  public static func add(
    _ text: String, _ signer: Signer, for source: String, in tx: Transaction
  ) async throws -> Outcome {
    guard let key = key(text, signer) else { return .malformed }
    try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(source), 8))")
    let number = try await tx.one(
      """
      INSERT INTO hook_secrets (source, number, signer, secret, added_at)
      SELECT \(source), 1 + count(*), \(signer.rawValue), \(key), now()
      FROM hook_secrets WHERE source = \(source)
      RETURNING number
      """, as: Int32.self)
    return .added(number: number)
  }

  /// - Returns: whether there was such a secret, and it was good.
  public static func retire(_ number: Int32, of source: String, in tx: Transaction) async throws
    -> Bool
  {
    try await tx.execute(
      """
      UPDATE hook_secrets SET retired_at = now()
      WHERE source = \(source) AND number = \(number) AND retired_at IS NULL
      """) == 1
  }

  public static func list(in db: some Queryable) async throws -> [Entry] {
    let rows = try await db.all(
      """
      SELECT source, number, signer, added_at, retired_at FROM hook_secrets
      ORDER BY source, number
      """, as: (String, Int32, String, Timestamp, Timestamp?).self)
    return rows.compactMap { row in
      Signer(rawValue: row.2).map {
        Entry(source: row.0, number: row.1, signer: $0, addedAt: row.3, retiredAt: row.4)
      }
    }
  }

  /// Keys that are good now.
  static func keys(of source: String, in db: some Queryable) async throws
    -> [(signer: Signer, key: [UInt8])]
  {
    let rows = try await db.all(
      "SELECT signer, secret FROM hook_secrets WHERE source = \(source) AND retired_at IS NULL",
      as: (String, [UInt8]).self)
    return rows.compactMap { row in Signer(rawValue: row.0).map { (signer: $0, key: row.1) } }
  }
}
