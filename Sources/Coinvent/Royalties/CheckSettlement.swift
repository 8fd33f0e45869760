import Ledger
import Postgres

/// What was posted is not what was planned. The settlement stays open; nothing is lost.
public struct PostDiffersFromPlan: Error, CustomStringConvertible {
  public let settlement: SettlementID
  /// What differs, and by how much.
  public let detail: String
  public var description: String {
    "settlement \(settlement) is not closed: \(detail); run `coinvent verify`"
  }
}

/// Compares the books with the plan before a settlement is closed: pools changed by what was
/// planned, and members' clearing accounts gave on what they were given.
enum CheckSettlement {
  /// - Throws: `PostDiffersFromPlan`
  static func run(_ settlement: UUID, in session: Session) async throws {
    var found = try await unposted(settlement, in: session)
    if found == nil { found = try await pools(settlement, in: session) }
    if found == nil { found = try await clearing(settlement, in: session) }
    if let found {
      throw PostDiffersFromPlan(settlement: SettlementID(uuid: settlement), detail: found)
    }
  }

  private static func unposted(_ settlement: UUID, in session: Session) async throws -> String? {
    let product = try await session.first(
      """
      SELECT product_id FROM pool_changes WHERE settlement_id = \(settlement) AND NOT posted LIMIT 1
      """, as: UUID.self)
    return product.map { "\(ProductID(uuid: $0)) is not posted" }
  }

  private static func pools(_ settlement: UUID, in session: Session) async throws -> String? {
    let row = try await session.first(
      """
      SELECT c.product_id, c.currency, (c.after - c.before)::text, coalesce(t.posted, 0)::text
      FROM pool_changes c
      LEFT JOIN LATERAL (
        SELECT sum(CASE to_kind WHEN 'product_pool' THEN amount ELSE -amount END) AS posted
        FROM transfers
        WHERE home = c.product_id AND cause = c.cause AND reason = 'pool'
          AND currency = c.currency
      ) AS t ON true
      WHERE c.settlement_id = \(settlement) AND c.after - c.before <> coalesce(t.posted, 0)
      LIMIT 1
      """, as: (UUID, String, String, String).self)
    return row.map { product, currency, planned, posted in
      "the pool of \(ProductID(uuid: product)) was to change by \(planned) nanos \(currency) and "
        + "\(posted) were posted"
    }
  }

  /// What products and referrers' parts put into clearing accounts against what went on to members.
  private static func clearing(_ settlement: UUID, in session: Session) async throws -> String? {
    let row = try await session.first(
      """
      SELECT currency, coalesce(given.amount, 0)::text, coalesce(delivered.amount, 0)::text
      FROM (
        SELECT t.currency, sum(t.amount) AS amount
        FROM pool_changes c
        CROSS JOIN LATERAL (
          SELECT currency, sum(CASE WHEN to_kind = 'clearing' THEN amount
                                    WHEN from_kind = 'clearing' THEN -amount END) AS amount
          FROM transfers
          WHERE home = c.product_id AND cause = c.cause AND reason IN ('credit', 'refer')
          GROUP BY currency
        ) AS t
        WHERE c.settlement_id = \(settlement) GROUP BY t.currency
      ) AS given FULL JOIN (
        SELECT currency, sum(credited) AS amount FROM deliveries
        WHERE settlement_id = \(settlement) GROUP BY currency
      ) AS delivered USING (currency)
      WHERE coalesce(given.amount, 0) <> coalesce(delivered.amount, 0) LIMIT 1
      """, as: (String, String, String).self)
    return row.map { currency, given, delivered in
      "members were given \(given) nanos \(currency) and \(delivered) went on to them"
    }
  }
}
