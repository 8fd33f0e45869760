import Postgres

/// A thing that has been reported, with what curators make of it.
public struct Case: Sendable, RowDecodable {
  public enum Action: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case dismiss, remove, warn, ban
  }

  public struct Resolution: Sendable {
    public let action: Action
    public let reason: String
    public let by: MemberID
    public let at: Timestamp
  }

  public let id: CaseID
  public let thing: ReportedThing
  /// Who answers for the thing.
  public let member: MemberID
  public let idea: IdeaID?
  public let reports: Int64
  public let openedAt: Timestamp
  public let claimedBy: MemberID?
  public let claimedAt: Timestamp?
  /// Nil while the case is open.
  public let resolution: Resolution?
  /// How many reports there are for each reason, as a JSON object.
  public let reasons: StoredText

  static let columns: Query =
    """
    id, kind, thing, member_id, idea_id, reports, opened_at, claimed_by, claimed_at,
    action, resolution, resolved_by, resolved_at,
    (SELECT coalesce(json_object_agg(reason, n ORDER BY reason), '{}')::text
     FROM (SELECT reason, count(*) AS n FROM reports WHERE case_id = cases.id
           GROUP BY reason) AS counted)
    """

  public init(row: inout RowReader) throws {
    id = CaseID(uuid: try row.next(UUID.self))
    let kind = try row.next(ReportedThing.Kind.self)
    thing = ReportedThing(kind, try row.next(UUID.self))
    member = MemberID(uuid: try row.next(UUID.self))
    idea = try row.next(UUID?.self).map(IdeaID.init(uuid:))
    reports = try row.next(Int64.self)
    openedAt = try row.next(Timestamp.self)
    claimedBy = try row.next(UUID?.self).map(MemberID.init(uuid:))
    claimedAt = try row.next(Timestamp?.self)
    let action = try row.next(Action?.self)
    let reason = try row.next(String?.self)
    let by = try row.next(UUID?.self).map(MemberID.init(uuid:))
    let at = try row.next(Timestamp?.self)
    if let action, let reason, let by, let at {
      resolution = Resolution(action: action, reason: reason, by: by, at: at)
    } else {
      resolution = nil
    }
    reasons = try row.next(StoredText.self)
  }

  /// How long a claim holds: who has gone away keeps nobody out for longer.
  public static let claimLasts: Duration = .seconds(86_400)

  /// Whose work it is now.
  public func claimant(at now: Timestamp) -> MemberID? {
    guard let claimedBy, let claimedAt, now < claimedAt + Self.claimLasts else { return nil }
    return claimedBy
  }

  public static func find(_ id: CaseID, in db: some Queryable) async throws -> Case? {
    try await db.first(
      "SELECT \(columns) FROM cases WHERE id = \(id.uuid)", of: Case.self)
  }

  /// The case, which nobody else changes until the transaction ends.
  static func hold(_ id: CaseID, in tx: Transaction) async throws -> Case? {
    try await tx.execute("SELECT FROM cases WHERE id = \(id.uuid) FOR NO KEY UPDATE")
    return try await find(id, in: tx)
  }
}

/// A case for curators.
public struct CaseID: EntityID {
  public static let prefix = "case"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
