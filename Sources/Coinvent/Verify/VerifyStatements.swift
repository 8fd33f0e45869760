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
    var finding = try await chain(in: tx)
    if finding == nil { finding = try await movements(in: tx) }
    if finding == nil { finding = try await balances(in: tx) }
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
      SELECT member_id, name, version, currency, opening, expected FROM (
        SELECT b.member_id, p.name, b.version, b.currency, b.opening,
          coalesce((
            SELECT e.closing FROM statement_balances e JOIN periods q ON q.id = e.period_id
            WHERE e.member_id = b.member_id AND e.currency = b.currency AND q.number < p.number
            ORDER BY q.number DESC, e.version DESC LIMIT 1), 0) AS expected
        FROM statement_balances b JOIN periods p ON p.id = b.period_id
      ) AS told WHERE opening <> expected ORDER BY member_id, name, version LIMIT 1
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
        SELECT t.home AS member_id, t.currency, sum(
          ((t.to_owner = t.home AND t.to_kind IN ('member_payable', 'payout_in_flight'))::integer
          - (t.from_owner = t.home
             AND t.from_kind IN ('member_payable', 'payout_in_flight'))::integer) * t.amount
        )::bigint AS moved
        FROM told JOIN transfers t ON t.home = told.member_id AND t.currency = told.currency
        WHERE CASE WHEN t.reason = 'deliver' THEN NOT EXISTS (
            SELECT FROM settlements s
            JOIN statements k ON k.period_id = s.period_id AND k.member_id = t.home
              AND k.version >= s.statement_version
            WHERE s.id = t.cause)
          ELSE NOT EXISTS (
            SELECT FROM statement_movements m
            WHERE (m.member_id, m.cause, m.reason, m.currency, m.from_owner, m.to_owner)
              = (t.home, t.cause, t.reason, t.currency, t.from_owner, t.to_owner)) END
        GROUP BY t.home, t.currency
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
        SELECT member_id, made_at, sha256 FROM statements
        WHERE period_id = \(period.id.uuid) AND version = \(Int32(version))
          AND member_id > \(after)
        ORDER BY member_id LIMIT \(batch)
        """, as: (UUID, Timestamp, [UInt8]).self)
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

  private static func fault(_ statement: Statement, sha256: [UInt8]) -> String? {
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
    return statement.sha256 == sha256 ? nil : "has another SHA-256 than it was made with"
  }
}
