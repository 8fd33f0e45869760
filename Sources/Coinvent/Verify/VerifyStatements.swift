import Ledger
import Postgres

/// Makes every statement again from its rows and compares it with its hash; follows each member's
/// statements from the first to what the books say now.
enum VerifyStatements {
  /// Statements in memory at once.
  private static let batch: Int64 = 1000

  static func run(in tx: Transaction, progress: @Sendable (Int) -> Void) async throws
    -> Verify.Check
  {
    var finding: Finding?
    for look in [chain, movements, balances] where finding == nil {
      finding = try await VerifyStatementRows.comparing(look, in: tx)
    }
    var rows = 0
    let versions = try await tx.all(
      """
      SELECT p.name, u.version FROM publications u JOIN periods p ON p.id = u.period_id
      ORDER BY p.number, u.version
      """, as: (String, Int32).self)
    for (name, version) in versions where finding == nil {
      guard let period = try await Period.find(name, in: tx) else { continue }
      finding = try await hashes(of: period, Int(version), &rows, in: tx, progress: progress)
    }
    return Verify.Check(
      name: "statements are what they were made as", rows: rows, finding: finding)
  }

  /// Opening is the closing of the member's statement before.
  private static func chain(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      WITH closed AS (
        SELECT member_id, currency, period_id, lag(closing, 1, 0) OVER (
            PARTITION BY member_id, currency ORDER BY number) AS expected
        FROM (
          SELECT DISTINCT ON (b.member_id, b.currency, p.number) b.member_id, b.currency,
            b.period_id, p.number, b.closing
          FROM statement_balances b JOIN periods p ON p.id = b.period_id
          ORDER BY b.member_id, b.currency, p.number, b.version DESC
        ) AS latest
      )
      SELECT b.member_id, p.name, b.version, b.currency, b.opening, c.expected
      FROM statement_balances b JOIN closed c USING (member_id, currency, period_id)
      JOIN periods p ON p.id = b.period_id
      WHERE b.opening <> c.expected ORDER BY b.member_id, p.name, b.version LIMIT 1
      """, as: (UUID, String, Int32, String, Int64, Int64).self)
    return row.map { member, name, version, currency, opening, expected in
      Finding(
        check: "statements",
        detail: "version \(version) of \(MemberID(uuid: member)) for \(name) opens at \(opening) "
          + "nanos in \(currency); the statement before closed at \(expected)")
    }
  }

  /// What is told is a transfer, and was that.
  private static func movements(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT m.member_id, m.cause, m.amount FROM statement_movements m
      LEFT JOIN transfers t ON t.home = m.member_id AND t.cause = m.cause AND t.reason = m.reason
        AND t.currency = m.currency AND t.from_owner = m.from_owner AND t.to_owner = m.to_owner
      WHERE t.amount IS DISTINCT FROM abs(m.amount) OR t.posted_at IS DISTINCT FROM m.posted_at
      ORDER BY m.member_id, m.cause LIMIT 1
      """, as: (UUID, UUID, Int64).self)
    return row.map { member, cause, amount in
      Finding(
        check: "statements",
        detail: "\(MemberID(uuid: member)) was told of \(amount) nanos for \(cause), which the "
          + "transfers do not say")
    }
  }

  /// The last closing balance, and all that no statement has told yet, is what is owed now.
  private static func balances(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      WITH told AS (
        SELECT DISTINCT ON (b.member_id, b.currency) b.member_id, b.currency, b.closing
        FROM statement_balances b JOIN periods p ON p.id = b.period_id
        ORDER BY b.member_id, b.currency, p.number DESC, b.version DESC
      ), since AS (
        SELECT member_id, currency, sum(effect)::bigint AS moved FROM (
          SELECT home AS member_id, currency,
            CASE WHEN to_kind = 'member_payable' THEN amount ELSE -amount END AS effect
          FROM transfers t
          LEFT JOIN settlements s ON s.id = t.cause
          LEFT JOIN (
            SELECT period_id, member_id, max(version) AS version
            FROM statement_balances GROUP BY period_id, member_id
          ) AS b ON b.period_id = s.period_id AND b.member_id = t.home
          WHERE reason = 'deliver' AND (b.version >= s.statement_version) IS NOT TRUE
          UNION ALL
          SELECT home, currency,
            ((to_owner = home AND to_kind IN ('member_payable', 'payout_in_flight'))::integer
            - (from_owner = home
               AND from_kind IN ('member_payable', 'payout_in_flight'))::integer) * amount
          FROM transfers t
          WHERE reason NOT IN ('pool', 'credit', 'deliver', 'refer') AND NOT EXISTS (
            SELECT FROM statement_movements m
            WHERE (m.member_id, m.cause, m.reason, m.currency, m.from_owner, m.to_owner)
              = (t.home, t.cause, t.reason, t.currency, t.from_owner, t.to_owner))
        ) AS untold GROUP BY member_id, currency
      ), held AS (
        SELECT owner AS member_id, currency, sum(balance)::bigint AS balance
        FROM balances GROUP BY owner, currency
      )
      SELECT member_id, currency, closing + coalesce(moved, 0), coalesce(balance, 0)
      FROM told LEFT JOIN since USING (member_id, currency)
      LEFT JOIN held USING (member_id, currency)
      WHERE closing + coalesce(moved, 0) <> coalesce(balance, 0)
      ORDER BY member_id, currency LIMIT 1
      """, as: (UUID, String, Int64, Int64).self)
    return row.map { member, currency, expected, found in
      Finding(
        check: "statements",
        detail: "statements of \(MemberID(uuid: member)) lead to \(expected) nanos in \(currency); "
          + "the balance is \(found)")
    }
  }

  private static func hashes(
    of period: Period, _ version: Int, _ rows: inout Int, in tx: Transaction,
    progress: @Sendable (Int) -> Void
  ) async throws -> Finding? {
    let facts = try await StatementFacts.load(period, version: version, products: nil, in: tx)
    var after = UUID.zero
    while true {
      let kept = try await tx.all(
        """
        SELECT b.member_id, b.made_at, s.sha256 FROM (
          SELECT DISTINCT member_id, made_at FROM statement_balances
          WHERE period_id = \(period.id.uuid) AND version = \(Int32(version))
            AND member_id > \(after)
          ORDER BY member_id LIMIT \(batch)
        ) AS b
        LEFT JOIN statement_seals s ON s.period_id = \(period.id.uuid)
          AND s.version = \(Int32(version)) AND s.member_id = b.member_id
        ORDER BY b.member_id
        """, as: (UUID, Timestamp, [UInt8]?).self)
      guard let last = kept.last else { return nil }
      let made = try await ReadStatements.run(kept.map { ($0.0, $0.1) }, facts, in: tx)
      for (statement, row) in zip(made.lazy.map(\.statement), kept) {
        if let fault = fault(statement, sha256: row.2) {
          return Finding(
            check: "statements",
            detail: "version \(version) of \(statement.member) for \(period.name) \(fault)")
        }
      }
      rows += kept.count
      progress(rows)
      after = last.0
    }
  }

  private static func fault(_ statement: Statement, sha256: [UInt8]?) -> String? {
    for account in statement.accounts {
      let credited = account.products.reduce(0) { $0 + $1.credited }
      if credited != account.credited {
        return "has lines of \(credited) nanos in \(account.currency); \(account.credited) were "
          + "credited"
      }
      let moved = account.movements.reduce(0) { $0 + $1.amount }
      if moved != account.moved {
        return "has movements of \(moved) nanos in \(account.currency); \(account.moved) moved"
      }
    }
    // Those that are published are sealed soon.
    guard let sha256 else { return nil }
    return statement.sha256 == sha256 ? nil : "has another SHA-256 than it was made with"
  }
}
