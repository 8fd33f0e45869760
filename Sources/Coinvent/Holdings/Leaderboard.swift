import Ledger
import Postgres

/// Members who have chosen to be ranked, the greatest first.
public enum Leaderboard {
  public struct Entry: Sendable {
    public let member: MemberID
    public let handle: String
    public let displayName: String
    /// Ppb over all products, or nanos.
    public let amount: Int64
    /// Of how many products something is held; nil for earnings.
    public let products: Int64?
  }

  public typealias Page = (entries: [Entry], next: TimeCursor?)

  /// By what is held of products whose shares are locked, each by its last version.
  public static func byHoldings(
    limit: Int = 20, after cursor: TimeCursor? = nil, in db: some Queryable
  ) async throws -> Page {
    let from = cursor ?? .start
    let rows = try await db.all(
      """
      SELECT m.id, m.handle, m.display_name, sum(t.ppb)::bigint, count(*)
      FROM display_choices c JOIN members m ON m.id = c.member_id
      JOIN share_totals t ON t.member_id = c.member_id
      WHERE c.holdings AND \(isHere) AND t.version = (
        SELECT max(v.version) FROM share_versions v
        WHERE v.product_id = t.product_id AND v.state = 'locked')
      GROUP BY m.id
      HAVING (sum(t.ppb), m.id) < (\(from.number), \(from.id))
      ORDER BY 4 DESC, 1 DESC LIMIT \(limit + 1)
      """, as: (UUID, String, String, Int64, Int64).self)
    return page(
      rows.map {
        Entry(
          member: MemberID(uuid: $0.0), handle: $0.1, displayName: $0.2, amount: $0.3,
          products: $0.4)
      }, limit)
  }

  /// By what has reached members in one currency.
  public static func byEarnings(
    in currency: Currency, limit: Int = 20, after cursor: TimeCursor? = nil,
    in db: some Queryable
  ) async throws -> Page {
    let from = cursor ?? .start
    let rows = try await db.all(
      """
      SELECT id, handle, display_name, amount FROM (
        SELECT m.id, m.handle, m.display_name,
          sum(CASE WHEN t.to_kind = 'member_payable' THEN t.amount ELSE -t.amount END)::bigint
            AS amount
        FROM display_choices c JOIN members m ON m.id = c.member_id
        JOIN transfers t ON t.home = c.member_id
        WHERE c.earnings AND \(isHere) AND t.reason = 'deliver' AND t.currency = \(currency.code)
        GROUP BY m.id) AS earned
      WHERE amount > 0 AND (least(amount, \(TimeCursor.start.number)), id)
        < (\(from.number), \(from.id))
      ORDER BY least(amount, \(TimeCursor.start.number)) DESC, id DESC LIMIT \(limit + 1)
      """, as: (UUID, String, String, Int64).self)
    return page(
      rows.map {
        Entry(
          member: MemberID(uuid: $0.0), handle: $0.1, displayName: $0.2, amount: $0.3,
          products: nil)
      }, limit)
  }

  /// Who has left is on no board.
  private static let isHere: Query =
    """
    NOT EXISTS (SELECT FROM erasures e WHERE e.member_id = m.id AND e.erased_at IS NOT NULL)
    """

  private static func page(_ found: [Entry], _ limit: Int) -> Page {
    let shown = Array(found.prefix(limit))
    let last = found.count > limit ? shown.last : nil
    return (
      shown,
      last.map {
        TimeCursor(
          time: Timestamp(microseconds: min($0.amount, TimeCursor.start.number)),
          id: $0.member.uuid)
      }
    )
  }
}
