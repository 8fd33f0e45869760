import Postgres

/// Writes what happens to holdings, product by product.
enum RecordChanges {
  /// The products of which a member holds something, or might: by events, merges or gifts.
  static func products(of member: MemberID, in tx: Transaction) async throws -> [ProductID] {
    try await tx.all(
      """
      SELECT product_id FROM influence_events WHERE member_id = \(member.uuid)
      UNION SELECT product_id FROM holding_changes WHERE to_member = \(member.uuid) ORDER BY 1
      """, as: UUID.self
    ).map(ProductID.init(uuid:))
  }

  /// One change for each of these products; what is written already stays as it is.
  static func run(
    _ change: HoldingChange, of products: [ProductID], cause: UUID, evidence: String,
    by: MemberID?, at now: Timestamp, in tx: Transaction
  ) async throws {
    let ids = products.map(\.uuid)
    // As with events: what is read up to a number of arrival never gets a change behind it.
    try await tx.execute(
      "SELECT FROM products WHERE id = ANY(\(ids)) ORDER BY id FOR NO KEY UPDATE")
    try await tx.execute(
      """
      INSERT INTO holding_changes
        (product_id, kind, from_member, to_member, ppm, cause, evidence, occurred_at, recorded_by)
      SELECT id, \(change.kind.rawValue), \(change.from.uuid), \(change.to?.uuid ?? .zero),
        \(change.ppm), \(cause), \(evidence), \(now), \(by?.uuid)
      FROM unnest(\(ids)) AS p (id) ORDER BY id
      ON CONFLICT (product_id, cause, kind) DO NOTHING
      """)
  }

  /// Lets merges, inheritances and departures from before hold for what these members have just
  /// earned of the product.
  /// - Precondition: the caller holds the product's row.
  static func follow(
    _ members: [MemberID], in product: ProductID, at now: Timestamp = .now, tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      WITH RECURSIVE merged AS (
        SELECT id, from_member, to_member FROM identity_merges
        WHERE from_member = ANY(\(members.map(\.uuid))) AND ended_at IS NULL
          AND from_confirmed_at IS NOT NULL AND to_confirmed_at IS NOT NULL
        UNION
        SELECT m.id, m.from_member, m.to_member
        FROM merged n JOIN identity_merges m ON m.from_member = n.to_member
        WHERE m.ended_at IS NULL
          AND m.from_confirmed_at IS NOT NULL AND m.to_confirmed_at IS NOT NULL
      ), missing (kind, from_member, to_member, cause) AS (
        SELECT 'merge', from_member, to_member, id FROM merged
        UNION ALL
        SELECT 'assignment', member_id, heir_id, id FROM deaths
        WHERE member_id = ANY(\(members.map(\.uuid))) AND outcome = 'accepted'
        UNION ALL
        SELECT 'leave', member_id, \(UUID.zero), member_id FROM leavers
        WHERE member_id = ANY(\(members.map(\.uuid)))
      )
      INSERT INTO holding_changes
        (product_id, kind, from_member, to_member, ppm, cause, evidence, occurred_at)
      SELECT \(product.uuid), kind, from_member, to_member, \(HoldingChange.all), cause,
        'holds for later contributions too', \(now)
      FROM missing ORDER BY cause
      ON CONFLICT (product_id, cause, kind) DO NOTHING
      """)
  }

  /// The same for everybody who has earned anything of the product: whatever was written at the
  /// same moment as an event is found before shares are proposed.
  /// - Precondition: the caller holds the product's row.
  static func followAll(in product: ProductID, at now: Timestamp, tx: Transaction) async throws {
    let members = try await tx.all(
      """
      SELECT c.member_id FROM (
        SELECT from_member FROM identity_merges WHERE ended_at IS NULL
        UNION SELECT member_id FROM deaths WHERE outcome = 'accepted'
        UNION SELECT member_id FROM leavers) AS c (member_id)
      WHERE EXISTS (SELECT FROM influence_events e
                    WHERE e.product_id = \(product.uuid) AND e.member_id = c.member_id)
      """, as: UUID.self)
    if members.isEmpty { return }
    try await follow(members.map(MemberID.init(uuid:)), in: product, at: now, tx: tx)
  }
}
