import Postgres

/// An answer that was given to a request with an Idempotency-Key, and is given again to its
/// repeats.
public struct KeptAnswer: Sendable {
  public let status: Int
  public let location: String?
  public let body: [UInt8]

  public init(status: Int, location: String?, body: [UInt8]) {
    self.status = status
    self.location = location
    self.body = body
  }

  public enum Claim: Sendable {
    /// The request has been answered before.
    case answered(KeptAnswer)
    /// Nobody has used the key: the caller does the work and calls `keep` in this transaction.
    case mine
    /// The key belongs to another request.
    case otherRequest
  }

  /// Takes the key inside the transaction of the work. Of several at once with the same key one
  /// goes ahead; the others wait here for its end and get its answer.
  public static func claim(
    _ key: String, of principal: MemberID?, fingerprint: [UInt8], at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Claim {
    let owner = principal?.uuid ?? .zero
    let inserted = try await tx.execute(
      """
      INSERT INTO kept_answers (principal, key, fingerprint, asked_at)
      VALUES (\(owner), \(key), \(fingerprint), \(now))
      ON CONFLICT DO NOTHING
      """)
    if inserted == 1 { return .mine }
    let (known, status, location, body) = try await tx.one(
      """
      SELECT fingerprint, status, location, body FROM kept_answers
      WHERE principal = \(owner) AND key = \(key)
      """, as: ([UInt8], Int32?, String?, [UInt8]?).self)
    guard known == fingerprint else { return .otherRequest }
    guard let status else { return .mine }
    return .answered(KeptAnswer(status: Int(status), location: location, body: body ?? []))
  }

  /// Keeps the answer; it is there when the work is, and not when it is not.
  public func keep(as key: String, of principal: MemberID?, in tx: Transaction) async throws {
    try await tx.execute(
      """
      UPDATE kept_answers
      SET status = \(Int32(status)), location = \(location), body = \(body)
      WHERE principal = \(principal?.uuid ?? .zero) AND key = \(key)
      """)
  }

  /// Forgets what was asked before `time`.
  @discardableResult
  public static func forget(before time: Timestamp, in db: some Queryable) async throws -> Int {
    try await db.execute("DELETE FROM kept_answers WHERE asked_at < \(time)")
  }
}
