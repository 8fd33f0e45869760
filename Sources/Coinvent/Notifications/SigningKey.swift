import CSodium
import Postgres

/// A key of this installation, kept in its database and known to nobody else.
public struct SigningKey: Sendable {
  private let bytes: [UInt8]

  /// The key for a purpose; made when it is first asked for.
  public static func of(_ purpose: String, in db: some Queryable) async throws -> SigningKey {
    if let known = try await find(purpose, in: db) { return known }
    try await db.execute(
      """
      INSERT INTO signing_keys (purpose, key) VALUES (\(purpose), \(Digest.random(32)))
      ON CONFLICT DO NOTHING
      """)
    guard let made = try await find(purpose, in: db) else {
      preconditionFailure("a key that was made is there")
    }
    return made
  }

  /// Nil when it was never asked for.
  static func find(_ purpose: String, in db: some Queryable) async throws -> SigningKey? {
    try await db.first(
      "SELECT key FROM signing_keys WHERE purpose = \(purpose)", as: [UInt8].self
    ).map(SigningKey.init(bytes:))
  }

  /// HMAC-SHA-512-256.
  func sign(_ message: [UInt8]) -> [UInt8] {
    var mac = [UInt8](repeating: 0, count: Int(crypto_auth_BYTES))
    _ = crypto_auth(&mac, message, UInt64(message.count), bytes)
    return mac
  }

  func verify(_ mac: [UInt8], of message: [UInt8]) -> Bool {
    Digest.areEqual(sign(message), mac)
  }
}
