import Postgres

/// Commitments, the newest first, a page at a time.
public struct ListCommitments: Sendable {
  public var member: MemberID?
  public var product: ProductID?
  public var state: CommitmentState?
  /// Only those made before this one.
  public var before: CommitmentID?
  public var limit: Int

  public init(
    member: MemberID? = nil, product: ProductID? = nil, state: CommitmentState? = nil,
    before: CommitmentID? = nil, limit: Int = 20
  ) {
    self.member = member
    self.product = product
    self.state = state
    self.before = before
    self.limit = limit
  }

  public func run(in db: some Queryable) async throws -> [Commitment] {
    var conditions: Query = "TRUE"
    if let product { conditions += " AND product_id = \(product.uuid)" }
    if let member { conditions += " AND member_id = \(member.uuid)" }
    if let state { conditions += " AND state = \(state.rawValue)" }
    if let before { conditions += " AND id < \(before.uuid)" }
    return try await db.all(
      """
      SELECT \(Commitment.columns) FROM commitments WHERE \(conditions)
      ORDER BY id DESC LIMIT \(limit)
      """, of: Commitment.self)
  }
}

/// One entry of a commitment's history.
public struct CommitmentEvent: RowDecodable, Sendable {
  public let state: CommitmentState
  public let actor: String
  public let note: String?
  public let at: Timestamp

  public init(row: inout RowReader) throws {
    state = try row.known()
    actor = try row.next()
    note = try row.next()
    at = try row.next()
  }

  /// The first one first.
  public static func all(of commitment: Commitment, in db: some Queryable) async throws
    -> [CommitmentEvent]
  {
    try await db.all(
      """
      SELECT to_state, actor, note, at FROM commitment_events
      WHERE product_id = \(commitment.product.uuid) AND commitment_id = \(commitment.id.uuid)
      ORDER BY number
      """, of: CommitmentEvent.self)
  }
}
