import Ledger
import Postgres

/// Reads who was credited what by a settlement, member by member.
enum SettledLines {
  /// Columns of a line behind its member.
  typealias Columns = (UUID, UUID, Int32, Int32, String, Bool, Int64, Int64, Int64)

  /// From the plan and the shares, as the credits were made.
  static func all(of id: SettlementID) -> Query {
    """
    SELECT member_id, product_id, contract_version, share_version, currency, refers, ppb, before,
      after
    FROM (
      SELECT t.member_id, c.product_id, c.contract_version, c.share_version, c.currency,
        false AS refers, t.ppb, c.before - c.referred_before AS before,
        c.after - c.referred_after AS after
      FROM pool_changes c
      JOIN share_totals t ON t.product_id = c.product_id AND t.version = c.share_version
      WHERE c.settlement_id = \(id.uuid) AND t.member_id <> \(Account.operator)
      UNION ALL
      SELECT member_id, product_id, contract_version, share_version, currency, true,
        \(Recipe.whole), before, after
      FROM referral_changes WHERE settlement_id = \(id.uuid)
    ) AS line
    ORDER BY \(order)
    """
  }

  /// One member's.
  static func of(_ member: MemberID, in id: SettlementID, _ db: some Queryable) async throws
    -> MemberLines
  {
    let rows = try await db.all(
      """
      SELECT member_id, product_id, contract_version, share_version, currency, refers, ppb, before,
        after
      FROM (
        SELECT t.member_id, c.product_id, c.contract_version, c.share_version, c.currency,
          false AS refers, t.ppb, c.before - c.referred_before AS before,
          c.after - c.referred_after AS after
        FROM share_totals t
        JOIN pool_changes c ON c.product_id = t.product_id AND c.share_version = t.version
        WHERE t.member_id = \(member.uuid) AND c.settlement_id = \(id.uuid)
        UNION ALL
        SELECT member_id, product_id, contract_version, share_version, currency, true,
          \(Recipe.whole), before, after
        FROM referral_changes WHERE member_id = \(member.uuid) AND settlement_id = \(id.uuid)
      ) AS line
      ORDER BY \(order)
      """, as: Columns.self)
    return MemberLines(settlement: id, member: member, lines: rows.compactMap(line))
  }

  static let order: Query =
    "member_id, product_id, contract_version, share_version, currency COLLATE \"C\", refers"

  /// Nil for a line of nothing, which is no line.
  static func line(_ row: Columns) -> MemberLines.Line? {
    guard let currency = Currency(row.4) else { return nil }
    let line = MemberLines.Line(
      product: ProductID(uuid: row.1), contractVersion: Int(row.2), shareVersion: Int(row.3),
      currency: currency, kind: row.5 ? .referral : .share, ppb: row.6, before: row.7,
      after: row.8)
    return line.amount == 0 ? nil : line
  }

  /// Gives each member's lines to `body`, one member after the other; some thousand lines are in
  /// memory.
  static func each(
    _ query: Query, of id: SettlementID, in tx: Transaction,
    _ body: (MemberLines) async throws -> Void
  ) async throws {
    try await tx.execute("DECLARE settled_lines NO SCROLL CURSOR FOR \(query)")
    var member: UUID?
    var lines: [MemberLines.Line] = []
    func finish() async throws {
      guard let member, !lines.isEmpty else { return }
      try await body(
        MemberLines(settlement: id, member: MemberID(uuid: member), lines: lines))
    }
    while true {
      let rows = try await tx.all("FETCH 4000 FROM settled_lines", as: Columns.self)
      if rows.isEmpty { break }
      for row in rows {
        if row.0 != member {
          try await finish()
          (member, lines) = (row.0, [])
        }
        if let line = line(row) { lines.append(line) }
      }
    }
    try await finish()
    try await tx.execute("CLOSE settled_lines")
  }
}
