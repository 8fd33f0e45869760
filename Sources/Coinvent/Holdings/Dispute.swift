import Postgres

/// What a member objects to in proposed shares, and what became of it.
public struct Dispute: Sendable, RowDecodable {
  public enum State: String, CaseIterable, Sendable { case open, upheld, rejected, withdrawn }

  /// How it ended.
  public struct End: Sendable {
    public let outcome: State
    public let reason: String
    /// What will be different in the next proposal; of an upheld one only.
    public let changes: String?
    public let by: MemberID
    public let at: Timestamp
  }

  public let product: ProductID
  public let id: DisputeID
  /// The proposal that it is about.
  public let version: Int64
  public let member: MemberID
  public let text: String
  /// Links and ids that show it.
  public let evidence: [String]
  public let openedAt: Timestamp
  /// Nil while it is open.
  public let end: End?

  public var state: State { end?.outcome ?? .open }

  static let columns: Query =
    """
    d.product_id, d.id, d.version::bigint, d.member_id, d.text, d.evidence, d.opened_at,
    e.outcome, e.reason, e.changes, e.ended_by, e.ended_at
    """

  static let source: Query =
    """
    disputes d LEFT JOIN dispute_ends e ON e.product_id = d.product_id AND e.dispute_id = d.id
    """

  public init(row: inout RowReader) throws {
    product = ProductID(uuid: try row.next(UUID.self))
    id = DisputeID(uuid: try row.next(UUID.self))
    version = try row.next(Int64.self)
    member = MemberID(uuid: try row.next(UUID.self))
    text = try row.next(String.self)
    evidence = try row.next([String].self)
    openedAt = try row.next(Timestamp.self)
    let outcome = try row.next(String?.self).flatMap(State.init)
    let reason = try row.next(String?.self)
    let changes = try row.next(String?.self)
    let by = try row.next(UUID?.self).map(MemberID.init(uuid:))
    let at = try row.next(Timestamp?.self)
    if let outcome, let reason, let by, let at {
      end = End(outcome: outcome, reason: reason, changes: changes, by: by, at: at)
    } else {
      end = nil
    }
  }

  public static func find(_ id: DisputeID, of product: ProductID, in db: some Queryable)
    async throws -> Dispute?
  {
    try await db.first(
      """
      SELECT \(columns) FROM \(source)
      WHERE d.product_id = \(product.uuid) AND d.id = \(id.uuid)
      """, of: Dispute.self)
  }

  /// Disputes of a product, the newest first.
  public static func all(
    of product: ProductID, limit: Int = 20, after cursor: TimeCursor? = nil,
    in db: some Queryable
  ) async throws -> (disputes: [Dispute], next: TimeCursor?) {
    let from = cursor ?? .start
    let found = try await db.all(
      """
      SELECT \(columns) FROM \(source)
      WHERE d.product_id = \(product.uuid) AND (d.opened_at, d.id) < (\(from.time), \(from.id))
      ORDER BY d.opened_at DESC, d.id DESC LIMIT \(limit + 1)
      """, of: Dispute.self)
    let shown = Array(found.prefix(limit))
    let last = found.count > limit ? shown.last : nil
    return (shown, last.map { TimeCursor(time: $0.openedAt, id: $0.id.uuid) })
  }

  /// What keeps a proposal from being locked: an open dispute of any proposal of the product, or
  /// an upheld one of this; the oldest.
  static func obstacle(to version: Int, of product: ProductID, in tx: Transaction) async throws
    -> (id: DisputeID, isOpen: Bool)?
  {
    let row = try await tx.first(
      """
      SELECT d.id, e.outcome IS NULL FROM \(source)
      WHERE d.product_id = \(product.uuid)
        AND (e.outcome IS NULL OR e.outcome = 'upheld' AND d.version = \(version))
      ORDER BY e.outcome NULLS FIRST, d.opened_at, d.id LIMIT 1
      """, as: (UUID, Bool).self)
    return row.map { (DisputeID(uuid: $0), $1) }
  }
}

/// Names one dispute.
public struct DisputeID: EntityID {
  public static let prefix = "dispute"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
