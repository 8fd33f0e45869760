import Postgres

/// What became of a product's events after others were counted.
enum EventNews {
  case added(InfluenceEvent)
  /// An event that was counted before.
  case takenBack(InfluenceEvent)

  /// With more than these, counting all again is faster.
  static let most = 20_000

  /// What arrived after one number and up to another, in order.
  /// - Returns: nil when all must be counted again.
  static func read(
    of product: ProductID, from: Int64, to: Int64, in db: some Queryable
  ) async throws -> [EventNews]? {
    if to < from { return nil }
    let isChanged = try await db.one(
      """
      SELECT EXISTS (SELECT FROM holding_changes WHERE product_id = \(product.uuid)
                       AND arrival > \(from) AND arrival <= \(to))
      """, as: Bool.self)
    if isChanged { return nil }
    let rows = try await select(
      """
      e.arrival > \(from) AND e.arrival <= \(to) ORDER BY e.arrival LIMIT \(most + 1)
      """, of: product, in: db)
    if rows.count > most { return nil }
    let revoked = rows.compactMap(\.revokes)
    let older =
      revoked.isEmpty
      ? [] : try await select("e.id = ANY(\(revoked)::uuid[])", of: product, in: db)
    let originals = Dictionary(uniqueKeysWithValues: older.map { ($0.event.id, $0) })
    var news: [EventNews] = []
    for row in rows {
      if let revokes = row.revokes {
        guard let original = originals[revokes], original.revokes == nil,
          original.arrival < row.arrival
        else { continue }
        news.append(.takenBack(original.event))
      } else if row.wasRevoked {
        return nil
      } else {
        news.append(.added(row.event))
      }
    }
    return news
  }

  private struct Row {
    let event: InfluenceEvent
    let arrival: Int64
    let revokes: UUID?
    /// Before it arrived.
    let wasRevoked: Bool
  }

  private static func select(_ which: Query, of product: ProductID, in db: some Queryable)
    async throws -> [Row]
  {
    let rows = try await db.all(
      """
      SELECT e.id, e.member_id, e.slice, e.role, e.weight, e.spread, e.place, e.value, e.target,
        e.occurred_at, e.arrival, e.revokes, EXISTS (
          SELECT FROM influence_events r
          WHERE r.product_id = \(product.uuid) AND r.revokes = e.id AND r.arrival < e.arrival)
      FROM influence_events e
      WHERE e.product_id = \(product.uuid) AND \(which)
      """,
      as: (
        UUID, UUID, String, String, Int64, Int64?, Int64?, Int64?, Int64?, Timestamp, Int64, UUID?,
        Bool
      ).self)
    return rows.map { row in
      Row(
        event: InfluenceEvent(
          id: row.0, member: MemberID(uuid: row.1), slice: ReadInfluence.named(row.2),
          role: ReadInfluence.named(row.3), weight: row.4, spread: row.5, place: row.6,
          guess: ReadInfluence.guess(row.7, row.8), occurredAt: row.9), arrival: row.10,
        revokes: row.11, wasRevoked: row.12)
    }
  }
}

extension Division {
  /// Follows what became of events, and divides again what that touches.
  /// - Returns: false when only the database knows; the division is of no use then.
  mutating func follow(_ news: [EventNews]) -> Bool {
    var stale: Set<Int> = []
    for one in news {
      switch one {
      case .added(let event):
        if let place = claims.add(changes.mapMember(event)) { stale.insert(place) }
      case .takenBack(let event):
        switch claims.remove(changes.mapMember(event)) {
        case .removed(let place?): stale.insert(place)
        case .removed(nil): break
        case .unknown: return false
        }
      }
    }
    divide(stale.sorted())
    return true
  }
}
