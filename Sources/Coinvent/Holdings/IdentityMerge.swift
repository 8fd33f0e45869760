import Postgres

/// Two accounts of one person: the claims of one count as the other's while it is in force.
public struct IdentityMerge: Sendable, RowDecodable {
  public enum State: String, CaseIterable, Sendable { case asked, merged, ended }

  public let id: MergeID
  public let from: MemberID
  public let to: MemberID
  public let askedBy: MemberID
  public let askedAt: Timestamp
  public let reason: String
  public let fromConfirmedAt: Timestamp?
  public let toConfirmedAt: Timestamp?
  /// Which side wants it undone.
  public let fromUndoAt: Timestamp?
  public let toUndoAt: Timestamp?
  public let endedAt: Timestamp?
  public let endReason: String?

  public var state: State {
    if endedAt != nil { return .ended }
    return fromConfirmedAt != nil && toConfirmedAt != nil ? .merged : .asked
  }

  public var isUndoAsked: Bool { fromUndoAt != nil || toUndoAt != nil }

  func isSide(_ member: MemberID) -> Bool { member == from || member == to }

  static let columns: Query =
    """
    id, from_member, to_member, asked_by, asked_at, reason, from_confirmed_at, to_confirmed_at,
    from_undo_at, to_undo_at, ended_at, end_reason
    """

  public init(row: inout RowReader) throws {
    id = MergeID(uuid: try row.next(UUID.self))
    from = MemberID(uuid: try row.next(UUID.self))
    to = MemberID(uuid: try row.next(UUID.self))
    askedBy = MemberID(uuid: try row.next(UUID.self))
    askedAt = try row.next(Timestamp.self)
    reason = try row.next(String.self)
    fromConfirmedAt = try row.next(Timestamp?.self)
    toConfirmedAt = try row.next(Timestamp?.self)
    fromUndoAt = try row.next(Timestamp?.self)
    toUndoAt = try row.next(Timestamp?.self)
    endedAt = try row.next(Timestamp?.self)
    endReason = try row.next(String?.self)
  }

  static func find(_ id: MergeID, in db: some Queryable) async throws -> IdentityMerge? {
    try await db.first(
      "SELECT \(columns) FROM identity_merges WHERE id = \(id.uuid)", of: IdentityMerge.self)
  }

  /// Those of a member, the newest first; at most 100.
  public static func all(of member: MemberID, in db: some Queryable) async throws
    -> [IdentityMerge]
  {
    try await db.all(
      """
      SELECT \(columns) FROM identity_merges
      WHERE from_member = \(member.uuid) OR to_member = \(member.uuid)
      ORDER BY asked_at DESC, id DESC LIMIT 100
      """, of: IdentityMerge.self)
  }

  /// Those that one side wants undone, for curators; the oldest first, at most 100.
  public static func toUndo(in db: some Queryable) async throws -> [IdentityMerge] {
    try await db.all(
      """
      SELECT \(columns) FROM identity_merges
      WHERE ended_at IS NULL AND (from_undo_at IS NOT NULL OR to_undo_at IS NOT NULL)
      ORDER BY asked_at, id LIMIT 100
      """, of: IdentityMerge.self)
  }

  /// Merges change one after the other, whoever they are of: so that no two close a circle.
  static func hold(in tx: Transaction) async throws {
    try await tx.execute("SELECT pg_advisory_xact_lock(\(lock))")
  }

  private static let lock: Int64 = 0x636f_696e_0042

  /// Whether `member` already counts, through others or not, as `other`.
  static func counts(_ member: MemberID, as other: MemberID, in tx: Transaction) async throws
    -> Bool
  {
    try await tx.one(
      """
      WITH RECURSIVE chain (member) AS (
        SELECT \(member.uuid)::uuid
        UNION
        SELECT m.to_member FROM chain JOIN identity_merges m ON m.from_member = chain.member
        WHERE m.ended_at IS NULL
          AND m.from_confirmed_at IS NOT NULL AND m.to_confirmed_at IS NOT NULL
      )
      SELECT EXISTS (SELECT FROM chain WHERE member = \(other.uuid))
      """, as: Bool.self)
  }
}

/// Names one identity merge.
public struct MergeID: EntityID {
  public static let prefix = "merge"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
