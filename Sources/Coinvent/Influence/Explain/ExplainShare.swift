import Postgres

/// From a share to its events and arithmetic.
public struct ExplainedShare: Sendable {
  public let basis: ShareBasis
  public let member: MemberID
  public let parts: [ExplainedPart]
  /// A page of the events behind it, the earliest first; how many there are in all.
  public let events: [ExplainedEvent]
  public let eventCount: Int64
  public let next: TimeCursor?

  /// What was given to the member, less what the member gave.
  public let assigned: Int64

  /// The member's whole share.
  public var ppb: Int64 { parts.reduce(assigned) { $0 + $1.ppb } }

  /// - Parameters:
  ///   - division: what the basis divides into.
  ///   - limit: how many events, after the cursor.
  public static func of(
    _ member: MemberID, _ basis: ShareBasis, _ division: Division, limit: Int = 100,
    after: TimeCursor? = nil, in db: some Queryable
  ) async throws -> ExplainedShare {
    let page = try await ExplainedEvent.page(
      of: division.changes.accounts(of: member), basis, limit: limit, after: after, in: db)
    return ExplainedShare(
      basis: basis, member: member, parts: division.explain(member), events: page.events,
      eventCount: page.count, next: page.next, assigned: division.assigned(to: member))
  }
}

/// An event behind a share, and what proves it.
public struct ExplainedEvent: Sendable {
  public let event: InfluenceEvent
  public let evidence: String
  /// The part of the recipe that it counts for; nil for none.
  public let part: Recipe.Part?

  typealias Page = (events: [ExplainedEvent], count: Int64, next: TimeCursor?)

  /// The standing events of a member's accounts.
  static func page(
    of accounts: [MemberID], _ basis: ShareBasis, limit: Int, after: TimeCursor?,
    in db: some Queryable
  ) async throws -> Page {
    let product = basis.product
    let standing: Query = """
      e.product_id = \(product.uuid) AND e.member_id = ANY(\(accounts.map(\.uuid))::uuid[])
        AND e.arrival <= \(basis.horizon) AND e.revokes IS NULL
        AND NOT EXISTS (
          SELECT FROM influence_events r
          WHERE r.product_id = \(product.uuid) AND r.revokes = e.id
            AND r.arrival <= \(basis.horizon))
      """
    let count = try await db.one(
      "SELECT count(*) FROM influence_events e WHERE \(standing)", as: Int64.self)
    let from = after ?? TimeCursor(time: Timestamp(microseconds: 0), id: .zero)
    let rows = try await db.all(
      """
      SELECT e.id, e.slice, e.role, e.weight, e.spread, e.place, e.value, e.target, e.occurred_at,
        e.evidence, e.member_id
      FROM influence_events e
      WHERE \(standing)
        AND (\(after == nil) OR (e.occurred_at, e.id) > (\(from.time), \(from.id)))
      ORDER BY e.occurred_at, e.id LIMIT \(limit + 1)
      """,
      as: (
        UUID, String, String, Int64, Int64?, Int64?, Int64?, Int64?, Timestamp, String, UUID
      ).self)
    let events = rows.prefix(limit).map { row in
      let event = InfluenceEvent(
        id: row.0, member: MemberID(uuid: row.10), slice: ReadInfluence.named(row.1),
        role: ReadInfluence.named(row.2), weight: row.3, spread: row.4, place: row.5,
        guess: ReadInfluence.guess(row.6, row.7), occurredAt: row.8)
      return ExplainedEvent(
        event: event, evidence: row.9,
        part: basis.recipe.place(of: event.slice, event.role).map { basis.recipe.parts[$0] })
    }
    let last = rows.count > limit ? events.last?.event : nil
    return (events, count, last.map { TimeCursor(time: $0.occurredAt, id: $0.id) })
  }
}

extension ExplainedEvent {
  /// What it was, for the policy of its part: `one of 3 choices`.
  public var words: String {
    guard let part else { return "counts for no part of this recipe" }
    switch part.policy {
    case .named, .weight, .proRata, .pickWeight, .lifetimeBalanced: return "weight \(event.weight)"
    case .equal: return "counts one"
    case .selective: return "one of \(event.spreadOrWeight) choices: 1/\(event.spreadOrWeight)"
    case .earlyWeighted:
      let counts = EarlyWeighted.denominator(place: event.place ?? 1, step: part.step ?? 1)
      return "vote \(event.place ?? 1) for its entry: 1/\(counts)"
    case .accuracy:
      return event.guess == nil
        ? "no guess" : "off by \(Accuracy.percent(Accuracy.distancePPM(of: event.guess)))"
    }
  }
}
