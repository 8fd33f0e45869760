import Ledger
import Postgres

/// Changes a brief before it opens; afterwards it only ever closes later.
public enum EditBrief {
  /// What is to change; nil stays as it is.
  public struct Change: Sendable {
    public var title: String?
    public var theme: String?
    public var rules: String?
    public var opensAt: Timestamp?
    public var closesAt: Timestamp?
    public var award: String?
    public var awardAmount: Amount?
    public var isHidden: Bool?

    public init(closesAt: Timestamp? = nil) { self.closesAt = closesAt }

    var isOnlyClosing: Bool {
      title == nil && theme == nil && rules == nil && opensAt == nil && award == nil
        && awardAmount == nil && isHidden == nil
    }
  }

  public enum Outcome: Sendable {
    case edited(Brief)
    case unknown
    /// It has opened: only a later closing is taken.
    case opened
    case closed
  }

  /// - Parameter reason: why it closes later; needed once it has opened.
  /// - Throws: `Invalid` for texts with faults.
  public static func run(
    _ change: Change, brief id: BriefID, reason: String? = nil, by curator: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    let held = try await tx.first(
      "SELECT \(Brief.columns) FROM briefs WHERE id = \(id.uuid) FOR NO KEY UPDATE",
      of: Brief.self)
    guard let held else { return .unknown }
    switch held.state(at: now) {
    case .upcoming: return .edited(try await rewrite(held, change, at: now, in: tx))
    case .open:
      guard change.isOnlyClosing, let closesAt = change.closesAt, closesAt > held.texts.closesAt
      else { return .opened }
      let reason = reason ?? ""
      if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
      return .edited(
        try await extend(held, to: closesAt, reason.trimmed, curator, at: now, in: tx))
    case .closed: return .closed
    }
  }

  private static func rewrite(
    _ brief: Brief, _ change: Change, at now: Timestamp, in tx: Transaction
  ) async throws -> Brief {
    var texts = brief.texts
    if let title = change.title { texts.title = title }
    if let theme = change.theme { texts.theme = theme }
    if let rules = change.rules { texts.rules = rules }
    if let opensAt = change.opensAt { texts.opensAt = opensAt }
    if let closesAt = change.closesAt { texts.closesAt = closesAt }
    if let award = change.award { texts.award = award }
    if let amount = change.awardAmount { texts.awardAmount = amount }
    if let isHidden = change.isHidden { texts.isHidden = isHidden }
    texts = texts.tidy
    if texts.award == nil && change.awardAmount == nil { texts.awardAmount = nil }
    var faults = texts.faults
    if texts.closesAt <= now { faults.append(("/closes_at", "must be in the future")) }
    try Invalid.refuse(faults)
    return try await tx.one(
      """
      UPDATE briefs SET title = \(texts.title), theme = \(texts.theme), rules = \(texts.rules),
        opens_at = \(texts.opensAt), closes_at = \(texts.closesAt), award = \(texts.award),
        award_amount = \(texts.awardAmount?.nanos),
        award_currency = \(texts.awardAmount?.currency.code),
        hidden_until_close = \(texts.isHidden)
      WHERE id = \(brief.id.uuid) RETURNING \(Brief.columns)
      """, of: Brief.self)
  }

  private static func extend(
    _ brief: Brief, to closesAt: Timestamp, _ reason: String, _ curator: MemberID,
    at now: Timestamp, in tx: Transaction
  ) async throws -> Brief {
    try await tx.execute(
      """
      INSERT INTO brief_extensions (brief_id, number, closed_at, closes_at, reason, changed_by,
                                    changed_at)
      SELECT \(brief.id.uuid), 1 + count(*), \(brief.texts.closesAt), \(closesAt), \(reason),
             \(curator.uuid), \(now)
      FROM brief_extensions WHERE brief_id = \(brief.id.uuid)
      """)
    try await NotifyMembers.post(
      .brief, subject: brief.id.uuid, detail: "“\(brief.texts.title)” closes later: \(closesAt)",
      by: curator, to: .members(try await TellBriefs.authors(of: brief.id.uuid, in: tx)), at: now,
      in: tx)
    return try await tx.one(
      """
      UPDATE briefs SET closes_at = \(closesAt) WHERE id = \(brief.id.uuid)
      RETURNING \(Brief.columns)
      """, of: Brief.self)
  }
}

/// That a brief was made to close later than it said.
public struct BriefExtension: Sendable, RowDecodable {
  public let closedAt: Timestamp
  public let closesAt: Timestamp
  public let reason: String
  public let changedBy: MemberID
  public let changedAt: Timestamp

  public init(row: inout RowReader) throws {
    closedAt = try row.next()
    closesAt = try row.next()
    reason = try row.next()
    changedBy = MemberID(uuid: try row.next())
    changedAt = try row.next()
  }

  /// The first one first.
  public static func of(_ brief: BriefID, in db: some Queryable) async throws -> [BriefExtension] {
    try await db.all(
      """
      SELECT closed_at, closes_at, reason, changed_by, changed_at FROM brief_extensions
      WHERE brief_id = \(brief.uuid) ORDER BY number
      """, of: BriefExtension.self)
  }
}
