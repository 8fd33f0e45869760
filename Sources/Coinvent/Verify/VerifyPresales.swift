import Postgres

/// Recounts presales from their commitments, and looks in the books, the sales and the events for
/// what each commitment's state says must be there, and nothing else.
enum VerifyPresales {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    var finding = try await standing(in: tx)
    if finding == nil { finding = try await counted(in: tx) }
    if finding == nil { finding = try await strays(in: tx) }
    return Verify.Check(
      name: "presales moved what their commitments say",
      rows: try await VerifyPostings.count("commitments", in: tx), finding: finding)
  }

  /// Of each commitment: transfers, sale lines and events.
  private static func standing(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT c.product_id, c.id, c.state, c.currency, c.amount, found.what
      FROM (
        SELECT c.*, state IN ('captured', 'refund_due', 'refunding', 'refunded') AS is_paid,
          state = 'refunded' AS is_back
        FROM commitments c
      ) AS c JOIN presales s ON s.product_id = c.product_id AND s.number = c.presale
      CROSS JOIN LATERAL (
        SELECT CASE
          WHEN c.is_paid <> EXISTS (
            SELECT FROM transfers t
            WHERE t.home = c.product_id AND t.cause = c.id AND t.reason = 'capture'
              AND t.from_kind = 'provider_clearing' AND t.to_kind = 'channel_revenue'
              AND t.to_owner = c.product_id AND t.currency = c.currency AND t.amount = c.amount)
            THEN 'capture in the books'
          WHEN c.is_back <> EXISTS (
            SELECT FROM transfers t
            WHERE t.home = c.product_id AND t.cause = c.id AND t.reason = 'repay'
              AND t.from_kind = 'channel_revenue' AND t.from_owner = c.product_id
              AND t.to_kind = 'provider_clearing' AND t.currency = c.currency
              AND t.amount = c.amount)
            THEN 'repayment in the books'
          WHEN c.is_paid <> EXISTS (
            SELECT FROM influence_events e
            WHERE e.product_id = c.product_id AND e.id = c.id AND e.member_id = c.member_id
              AND e.slice = 'presale' AND e.weight = c.units AND e.revokes IS NULL)
            THEN 'event of influence'
          WHEN c.is_back <> EXISTS (
            SELECT FROM influence_events e
            WHERE e.product_id = c.product_id AND e.revokes = c.id) THEN 'revoking event'
        END AS what
      ) AS found
      WHERE found.what IS NOT NULL ORDER BY c.product_id, c.id LIMIT 1
      """, as: (UUID, UUID, String, String, Int64, String).self)
    return row.map { product, id, state, currency, amount, what in
      Finding(
        check: "presales",
        detail: "\(CommitmentID(uuid: id)) of \(ProductID(uuid: product)) is \(state) with "
          + "\(amount) nanos \(currency); its \(what) says something else")
    }
  }

  /// Units of presales and prices, and states that do not go together.
  private static func counted(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT product_id, number, what FROM (
        SELECT s.product_id, s.number, 'units are not those of its commitments' AS what
        FROM presales s
        WHERE s.units <> (SELECT coalesce(sum(units), 0) FROM commitments c
                          WHERE c.product_id = s.product_id AND c.presale = s.number
                            AND c.state <> 'cancelled')
        UNION ALL
        SELECT t.product_id, t.presale, 'prices count other units than were committed to'
        FROM presale_tiers t
        WHERE t.taken <> (SELECT coalesce(sum(units), 0) FROM commitments c
                          WHERE c.product_id = t.product_id AND c.presale = t.presale
                            AND c.tier = t.position AND c.unit_price = t.unit_price
                            AND c.state <> 'cancelled')
        UNION ALL
        SELECT s.product_id, s.number, 'state does not go with a commitment that is ' || c.state
        FROM presales s JOIN commitments c ON c.product_id = s.product_id AND c.presale = s.number
        WHERE NOT CASE s.state
          WHEN 'open' THEN c.state IN ('committed', 'cancelled')
          WHEN 'failed' THEN c.state IN ('cancelled', 'released')
          WHEN 'charging' THEN c.state NOT IN ('refund_due', 'refunding', 'refunded')
          WHEN 'charged' THEN c.state IN ('captured', 'cancelled', 'released')
          WHEN 'refunding' THEN c.state NOT IN ('committed', 'declined', 'captured')
          ELSE c.state IN ('refunded', 'cancelled', 'released') END
      ) AS wrong ORDER BY 1, 2 LIMIT 1
      """, as: (UUID, Int32, String).self)
    return row.map { product, number, what in
      Finding(
        check: "presales", detail: "presale \(number) of \(ProductID(uuid: product)): its \(what)")
    }
  }

  /// Sale lines of presales, from both sides: each has its commitment, with its figures.
  private static func strays(in tx: Transaction) async throws -> Finding? {
    let lines = try await tx.all(
      """
      SELECT external_id, product_id, quantity, unit_price, currency, return_of FROM sale_lines
      WHERE source = \(SaleSource.presale)
      """, as: (String, UUID, Int64, Int64, String, String?).self)
    var found: [String: (UUID, Int64, Int64, String, String?)] = [:]
    for line in lines { found[line.0] = (line.1, line.2, line.3, line.4, line.5) }
    let paid = try await tx.all(
      """
      SELECT id, product_id, units, unit_price, currency, state = 'refunded' FROM commitments
      WHERE state IN ('captured', 'refund_due', 'refunding', 'refunded')
      """, as: (UUID, UUID, Int64, Int64, String, Bool).self)
    for (id, product, units, price, currency, isBack) in paid {
      let key = CommitmentID(uuid: id).description
      let isSold = found.removeValue(forKey: key).map {
        $0 == (product, units, price, currency, nil)
      }
      if isSold != true { return stray(key, "has no sale line with its figures") }
      guard isBack else { continue }
      let isReturned = found.removeValue(forKey: "\(key)/refund")
        .map { $0 == (product, -units, price, currency, key) }
      if isReturned != true { return stray(key, "has no return line with its figures") }
    }
    return found.keys.sorted().first.map { stray($0, "is a sale of a presale that nobody paid") }
  }

  private static func stray(_ key: String, _ what: String) -> Finding {
    Finding(check: "presales", detail: "\(key) \(what)")
  }
}
