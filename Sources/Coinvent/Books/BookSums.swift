import Ledger
import Postgres

/// What all accounts of one kind moved together, by day or up to a moment.
///
/// Days that are summed come from `book_days`; the rest from the transfers themselves, found by the
/// time they were posted at.
public enum BookSums {
  /// Each kind and currency, up to and with a moment.
  public static func balances(at moment: Timestamp, in tx: Transaction) async throws
    -> [TrialBalance]
  {
    let start = try await start(of: moment, in: tx)
    let rows = try await tx.all(
      """
      SELECT kind::text, currency, sum(moved) FROM (
        SELECT kind, currency, moved FROM book_days WHERE day < \(start)
        UNION ALL
        SELECT kind, currency, moved FROM (
          \(moved(from: start.start, to: moment + .microseconds(1)))) AS later
      ) AS m GROUP BY kind, currency HAVING sum(moved) <> 0 ORDER BY currency, kind
      """, as: (String, String, Int128).self)
    return try rows.map(TrialBalance.init)
  }

  /// How kinds of accounts changed on each day through `until`, in the order of days.
  static func days(of kinds: [AccountKind], through until: Day, in tx: Transaction) async throws
    -> [(day: Day, balance: TrialBalance)]
  {
    let start = try await start(of: until.adding(days: 1).start, in: tx)
    let end = until.adding(days: 1).start
    let names = kinds.map(\.rawValue)
    let rows = try await tx.all(
      """
      SELECT day, kind::text, currency, sum(moved) FROM (
        SELECT day, kind, currency, moved FROM book_days
        WHERE kind = ANY(\(names)::text[]::account_kind[]) AND day < \(start)
        UNION ALL
        SELECT day, kind, currency, moved FROM (
          \(moved(from: start.start, to: end))) AS later
        WHERE kind = ANY(\(names)::text[]::account_kind[])
      ) AS m GROUP BY day, kind, currency ORDER BY day, currency, kind
      """, as: (Day, String, String, Int128).self)
    return try rows.map { (day: $0.0, balance: try TrialBalance(($0.1, $0.2, $0.3))) }
  }

  /// What kinds moved on each day: one walk through the transfers of a span, its end left out.
  static func moved(from start: Timestamp, to end: Timestamp) -> Query {
    """
    SELECT day, side.kind, currency, sum(side.moved) AS moved
    FROM (
      SELECT (posted_at AT TIME ZONE 'UTC')::date AS day, from_kind, to_kind, currency,
        sum(amount) AS amount
      FROM transfers WHERE posted_at >= \(start) AND posted_at < \(end)
      GROUP BY 1, 2, 3, 4
    ) AS pair
    CROSS JOIN LATERAL (
      VALUES (pair.to_kind, pair.amount), (pair.from_kind, -pair.amount)
    ) AS side (kind, moved)
    GROUP BY day, side.kind, currency
    """
  }

  /// The first day that is to be read from transfers for what was up to a moment.
  private static func start(of moment: Timestamp, in tx: Transaction) async throws -> Day {
    let through = try await tx.one("SELECT max(through) FROM book_sums", as: Day?.self)
    guard let through else { return Day.never }
    return min(through.adding(days: 1), moment.day)
  }
}

extension Day {
  /// Before every day that the books have.
  static let never = Day(number: -700_000)
}

extension TrialBalance {
  init(_ row: (String, String, Int128)) throws {
    guard let kind = AccountKind(rawValue: row.0), let currency = Currency(row.1) else {
      throw UnknownWord(type: "account")
    }
    self.init(kind: kind, currency: currency, nanos: row.2)
  }
}
