import Postgres

/// What each step of a settlement is said to have delivered is what it has transferred.
enum VerifyDeliveries {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT settlement_id, step, currency, concat_ws(' to ', d.credited, d.members),
        concat_ws(' to ', t.credited, t.members)
      FROM deliveries d
      FULL JOIN (
        SELECT t.cause AS settlement_id, t.currency,
          ((uuid_hash(t.home)::bigint + 2147483648) % s.steps)::integer AS step,
          count(*) AS members,
          sum(CASE to_kind WHEN 'member_payable' THEN amount ELSE -amount END) AS credited
        FROM transfers t JOIN settlements s ON s.id = t.cause WHERE reason = 'deliver'
        GROUP BY 1, 2, 3
      ) AS t USING (settlement_id, step, currency)
      WHERE (d.members, d.credited) IS DISTINCT FROM (t.members, t.credited)
      ORDER BY settlement_id, step, currency LIMIT 1
      """, as: (UUID, Int32, String, String, String).self)
    return Verify.Check(
      name: "steps delivered what they say",
      rows: try await VerifyPostings.count("deliveries", in: tx),
      finding: row.map { settlement, step, currency, told, moved in
        Finding(
          check: "deliveries",
          detail: "step \(step) of settlement \(SettlementID(uuid: settlement)) is said to have "
            + "delivered \(told.isEmpty ? "nothing" : told) members in \(currency); its transfers "
            + "make \(moved.isEmpty ? "nothing" : moved)")
      })
  }
}
