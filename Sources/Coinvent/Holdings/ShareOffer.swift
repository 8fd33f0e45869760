import Postgres

/// A part of what one member holds of a product, offered to another.
public struct ShareOffer: Sendable, RowDecodable {
  public enum State: String, CaseIterable, Sendable {
    case open, accepted, declined, withdrawn, expired
  }

  public let product: ProductID
  public let id: OfferID
  public let from: MemberID
  public let to: MemberID
  /// Of what the giver holds when it is accepted, later contributions included.
  public let ppm: Int64
  public let message: String
  public let offeredAt: Timestamp
  public let expiresAt: Timestamp
  public let endedAt: Timestamp?
  private let outcome: State?

  public static let lasts = Duration.seconds(30 * 86_400)

  public func state(at now: Timestamp) -> State {
    outcome ?? (now < expiresAt ? .open : .expired)
  }

  static let columns: Query =
    """
    o.product_id, o.id, o.from_member, o.to_member, o.ppm, o.message, o.offered_at, o.expires_at,
    e.ended_at, e.outcome
    """

  static let source: Query =
    """
    share_offers o
    LEFT JOIN share_offer_ends e ON e.product_id = o.product_id AND e.offer_id = o.id
    """

  public init(row: inout RowReader) throws {
    product = ProductID(uuid: try row.next(UUID.self))
    id = OfferID(uuid: try row.next(UUID.self))
    from = MemberID(uuid: try row.next(UUID.self))
    to = MemberID(uuid: try row.next(UUID.self))
    ppm = try row.next(Int64.self)
    message = try row.next(String.self)
    offeredAt = try row.next(Timestamp.self)
    expiresAt = try row.next(Timestamp.self)
    endedAt = try row.next(Timestamp?.self)
    outcome = try row.next(String?.self).flatMap(State.init)
  }

  static func find(_ id: OfferID, of product: ProductID, in db: some Queryable) async throws
    -> ShareOffer?
  {
    try await db.first(
      """
      SELECT \(columns) FROM \(source)
      WHERE o.product_id = \(product.uuid) AND o.id = \(id.uuid)
      """, of: ShareOffer.self)
  }

  /// Those that a member has made or got, the newest first.
  public static func all(
    of member: MemberID, limit: Int = 20, after cursor: TimeCursor? = nil, in db: some Queryable
  ) async throws -> (offers: [ShareOffer], next: TimeCursor?) {
    let from = cursor ?? .start
    let found = try await db.all(
      """
      SELECT \(columns) FROM \(source)
      WHERE (o.from_member = \(member.uuid) OR o.to_member = \(member.uuid))
        AND (o.offered_at, o.id) < (\(from.time), \(from.id))
      ORDER BY o.offered_at DESC, o.id DESC LIMIT \(limit + 1)
      """, of: ShareOffer.self)
    let shown = Array(found.prefix(limit))
    let last = found.count > limit ? shown.last : nil
    return (shown, last.map { TimeCursor(time: $0.offeredAt, id: $0.id.uuid) })
  }
}

/// Names one offer of a share.
public struct OfferID: EntityID {
  public static let prefix = "offer"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
