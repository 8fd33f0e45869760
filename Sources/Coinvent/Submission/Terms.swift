import Postgres

/// A version of the terms under which ideas are submitted. It never changes.
public struct Terms: Sendable, RowDecodable {
  public let version: Int64
  /// Markdown.
  public let text: String
  public let sha256: [UInt8]
  /// So long after the submission an author may take the contribution back.
  public let takeBackDays: Int64
  public let effectiveFrom: Timestamp
  public let madeAt: Timestamp

  static let columns: Query =
    "version, text, sha256, take_back_days, effective_from, made_at"

  public init(row: inout RowReader) throws {
    version = Int64(try row.next(Int32.self))
    text = try row.next()
    sha256 = try row.next()
    takeBackDays = Int64(try row.next(Int32.self))
    effectiveFrom = try row.next()
    madeAt = try row.next()
  }

  /// Records the next version. The highest one whose time has come is in force.
  /// - Parameter effectiveFrom: nil for now.
  /// - Throws: `Invalid` for a text that cannot be taken, or a time that has passed.
  public static func make(
    text: String, takeBackDays: Int64, effectiveFrom: Timestamp? = nil, by admin: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Terms {
    let text = text.trimmed
    var invalid = Invalid()
    if let fault = text.fault(1...100_000, lines: true) { invalid.add("/text", fault) }
    if let effectiveFrom, effectiveFrom < now {
      invalid.add("/effective_from", "must not have passed: nobody accepted them then")
    }
    if !invalid.isEmpty { throw invalid }
    while true {
      // Of two at once the second waits, finds its number taken, and takes the next.
      let made = try await tx.first(
        """
        INSERT INTO terms (version, text, sha256, take_back_days, effective_from, made_by, made_at)
        SELECT 1 + coalesce(max(version), 0), \(text), sha256(convert_to(\(text), 'UTF8')),
               \(takeBackDays), \(effectiveFrom ?? now), \(admin.uuid), \(now)
        FROM terms
        ON CONFLICT (version) DO NOTHING
        RETURNING \(columns)
        """, of: Terms.self)
      if let made { return made }
    }
  }

  public static func inForce(at now: Timestamp = .now, in db: some Queryable) async throws
    -> Terms?
  {
    try await db.first(
      """
      SELECT \(columns) FROM terms WHERE effective_from <= \(now)
      ORDER BY version DESC LIMIT 1
      """, of: Terms.self)
  }

  public static func find(_ version: Int64, in db: some Queryable) async throws -> Terms? {
    try await db.first(
      "SELECT \(columns) FROM terms WHERE version = \(version)", of: Terms.self)
  }

  /// The newest first.
  public static func all(limit: Int, before version: Int64? = nil, in db: some Queryable)
    async throws -> [Terms]
  {
    try await db.all(
      """
      SELECT \(columns) FROM terms WHERE version < \(version ?? .max)
      ORDER BY version DESC LIMIT \(limit)
      """, of: Terms.self)
  }
}
