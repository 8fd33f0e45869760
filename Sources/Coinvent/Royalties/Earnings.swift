import Ledger
import Postgres

/// What a member has earned, has been paid and may still be paid.
///
/// Always credited = payable + in flight + paid + held + fees + given, when no filter narrows what
/// is credited.
public struct Earnings: Sendable {
  public struct Total: Sendable {
    public let currency: Currency
    /// By the products and periods asked for; the others are as of now. All in nanos.
    public let credited: Int64
    public let payable: Int64
    public let inFlight: Int64
    public let paid: Int64
    /// Credited by a settlement that is still delivering, for the seconds that it takes.
    public let held: Int64
    /// Taken from the balance for submission fees, less what was refunded to it.
    public let fees: Int64
    /// To the house, by a member who has left.
    public let given: Int64
  }

  public struct Product: Sendable {
    public let product: ProductID
    public let currency: Currency
    /// The member's share now, in ppb; zero when later shares leave the member out.
    public let sharePPB: Int64
    public let credited: Int64
    /// How much of that was for sales that came by the member's referral link.
    public let referred: Int64
  }

  public struct Period: Sendable {
    public let settlement: SettlementID
    public let settledAt: Timestamp
    public let currency: Currency
    public let credited: Int64
  }

  /// What to look at; nil means everything.
  public struct Filter: Sendable {
    public var product: ProductID?
    /// Settlements on or after this day.
    public var since: Day?
    /// Settlements on or before this day.
    public var until: Day?
    public init(product: ProductID? = nil, since: Day? = nil, until: Day? = nil) {
      self.product = product
      self.since = since
      self.until = until
    }
  }

  public let member: MemberID
  public let totals: [Total]
  public let products: [Product]
  public let periods: [Period]

  /// Reads it all in the caller's transaction; let that be repeatable-read for one moment's view.
  public static func of(_ member: MemberID, filter: Filter = Filter(), in db: some Queryable)
    async throws -> Earnings
  {
    let credits = try await Credit.all(of: member, filter: filter, in: db)
    let lifetime = try await lifetime(of: member, in: db)
    let moved = try await moved(member, in: db)
    let balances = try await Balances.of(owner: member.uuid, in: db)
    let filtered = Dictionary(credits.map { ($0.currency, $0.amount) }, uniquingKeysWith: +)
    let currencies = Set(lifetime.keys).union(moved.keys)
    let totals = currencies.sorted().map { currency in
      Total(
        currency: currency, credited: filtered[currency] ?? 0,
        payable: balances[.memberPayable]?[currency] ?? 0,
        inFlight: balances[.payoutInFlight]?[currency] ?? 0, paid: moved[currency]?.paid ?? 0,
        held: (lifetime[currency] ?? 0) - (moved[currency]?.delivered ?? 0),
        fees: moved[currency]?.fees ?? 0, given: moved[currency]?.given ?? 0)
    }
    return Earnings(
      member: member, totals: totals,
      products: try await products(of: member, filter: filter, credits: credits, in: db),
      periods: periods(credits))
  }

  private static func periods(_ credits: [Credit]) -> [Period] {
    let groups = Dictionary(grouping: credits) {
      [$0.settlement.uuid.description, $0.currency.code]
    }
    return groups.values.compactMap { group in
      group.first.map { first in
        Period(
          settlement: first.settlement, settledAt: first.settledAt, currency: first.currency,
          credited: group.reduce(0) { $0 + $1.amount })
      }
    }.sorted { ($0.settledAt, $0.currency) < ($1.settledAt, $1.currency) }
  }

  private static func products(
    of member: MemberID, filter: Filter, credits: [Credit], in db: some Queryable
  ) async throws -> [Product] {
    let held = try await db.all(
      """
      SELECT v.product_id, coalesce(t.ppb, 0)
      FROM (
        SELECT DISTINCT ON (v.product_id) v.product_id, v.version
        FROM share_versions v
        WHERE v.state = 'locked' AND v.product_id IN (
          SELECT product_id FROM share_totals WHERE member_id = \(member.uuid))
        ORDER BY v.product_id, v.version DESC
      ) AS v
      LEFT JOIN share_totals t ON t.product_id = v.product_id AND t.version = v.version
        AND t.member_id = \(member.uuid)
      """, as: (UUID, Int64).self)
    let shares = Dictionary(held, uniquingKeysWith: { first, _ in first })
    let groups = Dictionary(grouping: credits) { [$0.product.uuid.description, $0.currency.code] }
    return groups.values.compactMap { group in
      group.first.map { first in
        Product(
          product: first.product, currency: first.currency,
          sharePPB: shares[first.product.uuid] ?? 0,
          credited: group.reduce(0) { $0 + $1.amount },
          referred: group.reduce(0) { $0 + ($1.isReferral ? $1.amount : 0) })
      }
    }.sorted { ($0.product.uuid, $0.currency) < ($1.product.uuid, $1.currency) }
  }

  /// What all posted pools owe the member, by currency.
  private static func lifetime(of member: MemberID, in db: some Queryable) async throws
    -> [Currency: Int64]
  {
    let rows = try await db.all(
      """
      SELECT p.currency, p.settled - p.referred, t.ppb FROM share_totals t
      JOIN pools p ON p.product_id = t.product_id AND p.share_version = t.version
      WHERE t.member_id = \(member.uuid)
      UNION ALL
      SELECT currency, settled, \(Recipe.whole) FROM referral_dues WHERE member_id = \(member.uuid)
      """, as: (String, Int64, Int64).self)
    var sums: [Currency: Int64] = [:]
    for (code, settled, ppb) in rows {
      guard let currency = Currency(code) else { continue }
      sums[currency, default: 0] += Due.of(pool: settled, ppb: ppb)
    }
    return sums
  }

  /// What reached the member's accounts and what left them for good.
  private static func moved(_ member: MemberID, in db: some Queryable) async throws
    -> [Currency: (delivered: Int64, paid: Int64, fees: Int64, given: Int64)]
  {
    let rows = try await db.all(
      """
      SELECT currency,
        coalesce(sum(CASE WHEN to_kind = 'member_payable' THEN amount ELSE -amount END)
          FILTER (WHERE reason = 'deliver'), 0)::bigint,
        coalesce(sum(CASE reason WHEN 'pay' THEN amount ELSE -amount END)
          FILTER (WHERE reason IN ('pay', 'bounce')), 0)::bigint,
        coalesce(sum(CASE reason WHEN 'hold' THEN amount ELSE -amount END)
          FILTER (WHERE (reason, from_kind) = ('hold', 'member_payable') OR reason = 'refund'),
          0)::bigint,
        coalesce(sum(amount) FILTER (WHERE reason = 'give'), 0)::bigint
      FROM transfers WHERE home = \(member.uuid) GROUP BY currency
      """, as: (String, Int64, Int64, Int64, Int64).self)
    return Dictionary(
      rows.compactMap { code, delivered, paid, fees, given in
        Currency(code).map { ($0, (delivered, paid, fees, given)) }
      },
      uniquingKeysWith: { first, _ in first })
  }
}

/// What one settlement credited a member of one product.
struct Credit {
  let product: ProductID
  let settlement: SettlementID
  let settledAt: Timestamp
  let currency: Currency
  let amount: Int64
  /// A referrer's part, and not one of the shares.
  let isReferral: Bool

  static func all(of member: MemberID, filter: Earnings.Filter, in db: some Queryable) async throws
    -> [Credit]
  {
    let product = filter.product?.uuid
    let since = filter.since?.start
    let until = filter.until?.adding(days: 1).start
    let rows = try await db.all(
      """
      SELECT c.product_id, c.settlement_id, s.planned_at, c.currency, c.before - c.referred_before,
        c.after - c.referred_after, t.ppb, false
      FROM share_totals t
      JOIN pool_changes c ON c.product_id = t.product_id AND c.share_version = t.version
      JOIN settlements s ON s.id = c.settlement_id
      WHERE t.member_id = \(member.uuid) AND c.posted
        AND (\(product)::uuid IS NULL OR t.product_id = \(product))
        AND (\(since)::timestamptz IS NULL OR s.planned_at >= \(since))
        AND (\(until)::timestamptz IS NULL OR s.planned_at < \(until))
      UNION ALL
      SELECT r.product_id, r.settlement_id, s.planned_at, r.currency, r.before, r.after,
        \(Recipe.whole), true
      FROM referral_changes r
      JOIN pool_changes c
        USING (product_id, settlement_id, contract_version, share_version, currency)
      JOIN settlements s ON s.id = r.settlement_id
      WHERE r.member_id = \(member.uuid) AND c.posted
        AND (\(product)::uuid IS NULL OR r.product_id = \(product))
        AND (\(since)::timestamptz IS NULL OR s.planned_at >= \(since))
        AND (\(until)::timestamptz IS NULL OR s.planned_at < \(until))
      """, as: (UUID, UUID, Timestamp, String, Int64, Int64, Int64, Bool).self)
    return rows.compactMap { product, settlement, at, code, before, after, ppb, isReferral in
      Currency(code).map {
        Credit(
          product: ProductID(uuid: product), settlement: SettlementID(uuid: settlement),
          settledAt: at, currency: $0,
          amount: Due.of(pool: after, ppb: ppb) - Due.of(pool: before, ppb: ppb),
          isReferral: isReferral)
      }
    }
  }
}
