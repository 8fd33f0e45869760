import Postgres

/// Adds influence events to a product, as many as there are in one statement.
enum AddEvents {
  /// An event and what proves it.
  typealias Proven = (event: InfluenceEvent, evidence: String)

  /// - Precondition: the caller holds the product's row (`hold`), so that what is read up to a number
  ///   of arrival never gets another event behind it.
  static func run(
    _ events: [Proven], to product: ProductID, by: MemberID?, in tx: Transaction
  ) async throws {
    if events.isEmpty { return }
    try await tx.execute(
      """
      INSERT INTO influence_events
        (product_id, id, member_id, slice, role, weight, spread, place, value, target, evidence,
         occurred_at, recorded_by)
      SELECT \(product.uuid), id, member_id, slice, role, weight, nullif(spread, 0),
        nullif(place, 0), CASE WHEN target > 0 THEN value END, nullif(target, 0), evidence,
        occurred_at, \(by?.uuid)
      FROM unnest(\(events.map(\.event.id))::uuid[], \(events.map(\.event.member.uuid))::uuid[],
                  \(events.map(\.event.slice.rawValue))::text[],
                  \(events.map(\.event.role.rawValue))::text[],
                  \(events.map(\.event.weight))::bigint[],
                  \(events.map { $0.event.spread ?? 0 })::bigint[],
                  \(events.map { $0.event.place ?? 0 })::bigint[],
                  \(events.map { $0.event.guess?.value ?? 0 })::bigint[],
                  \(events.map { $0.event.guess?.target ?? 0 })::bigint[],
                  \(events.map(\.evidence))::text[], \(events.map(\.event.occurredAt))::timestamptz[])
        AS e (id, member_id, slice, role, weight, spread, place, value, target, evidence,
              occurred_at)
      """)
    try await RecordChanges.follow(events.map(\.event.member), in: product, tx: tx)
  }

  /// Takes the product's row for this transaction: its events are written one transaction after the
  /// other, and their numbers of arrival follow their commits.
  /// - Returns: whether there is such a product.
  static func hold(_ product: ProductID, in tx: Transaction) async throws -> Bool {
    try await tx.first(
      "SELECT id FROM products WHERE id = \(product.uuid) FOR NO KEY UPDATE", as: UUID.self) != nil
  }
}
