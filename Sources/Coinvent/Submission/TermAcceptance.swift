import Postgres

/// The terms that an author accepted for an idea.
public struct TermAcceptance: Sendable, RowDecodable {
  public let member: MemberID
  public let version: Int64
  /// Of the text that was accepted.
  public let sha256: [UInt8]
  public let acceptedAt: Timestamp
  public let takeBackUntil: Timestamp
  public let withdrawnAt: Timestamp?
  /// Whether the rights returned to the author when the idea was withdrawn; nil when it was not.
  public let takenBack: Bool?

  public init(row: inout RowReader) throws {
    member = MemberID(uuid: try row.next())
    version = Int64(try row.next(Int32.self))
    sha256 = try row.next()
    acceptedAt = try row.next()
    takeBackUntil = try row.next()
    withdrawnAt = try row.next()
    takenBack = try row.next()
  }

  public static func of(_ idea: IdeaID, in db: some Queryable) async throws -> TermAcceptance? {
    try await db.first(
      """
      SELECT member_id, version, sha256, accepted_at, a.take_back_until, withdrawn_at, taken_back
      FROM term_acceptances a LEFT JOIN term_withdrawals w USING (idea_id)
      WHERE idea_id = \(idea.uuid)
      """, of: TermAcceptance.self)
  }

  static func record(
    _ terms: Terms, for idea: IdeaID, by member: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws {
    let until = now + .seconds(86_400 * terms.takeBackDays)
    try await tx.execute(
      """
      INSERT INTO term_acceptances (idea_id, member_id, version, sha256, accepted_at,
                                    take_back_until)
      VALUES (\(idea.uuid), \(member.uuid), \(terms.version), \(terms.sha256), \(now), \(until))
      """)
  }

  /// What a withdrawal means for the rights; nothing where no terms were accepted.
  static func withdraw(_ idea: IdeaID, at now: Timestamp, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO term_withdrawals (idea_id, take_back_until, withdrawn_at, taken_back)
      SELECT idea_id, take_back_until, \(now), \(now)::timestamptz < take_back_until
      FROM term_acceptances WHERE idea_id = \(idea.uuid)
      """)
  }
}
