import JSON
import Ledger
import Postgres

/// What became of a sale line.
public enum SaleOutcome: Sendable, Equatable {
  /// The same line is in the books already.
  case repeated
  case recorded
  /// The key is taken by a line with other content, which stays; fields that differ are named.
  case conflict(String)
  /// Kept aside with its reason, uncounted, until it is sent again and fits.
  case suspended(SuspenseReason)
}

/// Records sale lines of one source; sending them again changes nothing.
public enum RecordSales {
  /// Lines in one call at the most.
  public static let limit = 5_000

  /// - Parameters:
  ///   - lines: with distinct or repeated keys; the first of a key wins.
  ///   - report: what they came in, which can be withdrawn as a whole.
  ///   - part: the number of this transaction in the report's run.
  /// - Returns: an outcome for each line, in the order given.
  public static func run(
    _ lines: [SaleLine], source: String, report: OpenReport? = nil, part: Int = 0, at: Timestamp,
    in tx: Transaction
  ) async throws -> [SaleOutcome] {
    try await SettlementGate.pass(in: tx)
    guard let report else { return try await record(lines, source: source, at: at, in: tx) }
    try await Withdrawals.refuse(report.id, in: tx)
    let before = try await LastArrival.read(in: tx)
    let outcomes = try await record(lines, source: source, report: report.id, at: at, in: tx)
    try await report.note(outcomes, part: part, since: before, at: at, in: tx)
    return outcomes
  }

  private static func record(
    _ lines: [SaleLine], source: String, report: SaleReportID? = nil, at: Timestamp,
    in tx: Transaction
  ) async throws -> [SaleOutcome] {
    let named = try await ProductAliases.resolve(lines, of: source, in: tx)
    let lines = try await UnclearRefunds.resolve(named, of: source, in: tx)
    let reasons = try await Suspicions.of(lines, source: source, in: tx)
    let good = lines.indices.filter { reasons[$0] == nil }
    let written = try await insert(
      good.map { lines[$0] }, source: source, report: report, at: at, in: tx)
    var outcomes = [SaleOutcome?](repeating: nil, count: lines.count)
    var unclaimed = written
    for index in good where unclaimed.remove(lines[index].externalID) != nil {
      outcomes[index] = .recorded
    }
    let open = lines.indices.filter { outcomes[$0] == nil }
    let known = try await stored(open.map { lines[$0].externalID }, source: source, in: tx)
    for index in open {
      if let stored = known[lines[index].externalID] {
        outcomes[index] = try compare(lines[index], with: stored)
      } else if let reason = reasons[index] {
        outcomes[index] = .suspended(reason)
      }
    }
    try await Suspense.recall(lines, &outcomes, source: source, in: tx)
    try await Suspense.keep(lines, outcomes, source: source, report: report, at: at, in: tx)
    return outcomes.map { outcome in
      guard let outcome else { preconditionFailure("a line was neither written nor found") }
      return outcome
    }
  }

  /// Writes what is new, in the order of keys so that two reports cannot deadlock.
  private static func insert(
    _ lines: [SaleLine], source: String, report: SaleReportID?, at: Timestamp, in tx: Transaction
  ) async throws -> Set<String> {
    if lines.isEmpty { return [] }
    let editions = try await Withdrawals.editions(of: lines, source: source, in: tx)
    let written = try await tx.all(
      """
      INSERT INTO sale_lines (source, external_id, product_id, channel, quantity, unit_price,
                              discount, allowance, currency, sold_at, return_of, referral,
                              territory, format, list_price, deductions, report_id,
                              received_at, edition)
      SELECT \(source), external_id, product_id, channel, quantity, unit_price, discount, allowance,
        currency, sold_at, return_of, referral, territory, format, list_price,
        deductions::jsonb, \(report?.uuid)::uuid, \(at),
        coalesce(edition, 0)
      FROM unnest(\(lines.map(\.externalID))::text[],
                  \(lines.map { $0.productID?.uuid ?? UUID.zero })::uuid[],
                  \(lines.map(\.channel))::text[], \(lines.map(\.quantity))::bigint[],
                  \(lines.map(\.unitPrice))::bigint[], \(lines.map(\.discount))::bigint[],
                  \(lines.map(\.allowance))::bigint[], \(lines.map(\.currency.code))::text[],
                  \(lines.map(\.soldAt))::timestamptz[], \(lines.map(\.returnOf))::text[],
                  \(lines.map(\.referral))::text[],
                  \(some(lines) { $0.territory?.code })::text[],
                  \(some(lines, \.format))::text[], \(some(lines, \.listPrice))::bigint[],
                  \(some(lines, \.deductionsJSON))::text[], \(editions)::smallint[])
        WITH ORDINALITY AS line (external_id, product_id, channel, quantity, unit_price, discount,
                                 allowance, currency, sold_at, return_of, referral, territory,
                                 format, list_price, deductions, edition, position)
      ORDER BY external_id, position
      ON CONFLICT DO NOTHING
      RETURNING external_id
      """, as: String.self)
    return Set(written)
  }

  /// The values of a column; none when every line leaves it out, and `unnest` fills in nulls.
  private static func some<Value>(_ lines: [SaleLine], _ value: (SaleLine) -> Value?) -> [Value?] {
    lines.contains { value($0) != nil } ? lines.map(value) : []
  }

  private typealias Stored = (
    String, UUID, String, Int64, Int64, Int64, Int64, String, Timestamp, String?, String?,
    String?, String?, Int64?, String?
  )

  private static func stored(_ ids: [String], source: String, in tx: Transaction) async throws
    -> [String: Stored]
  {
    if ids.isEmpty { return [:] }
    let rows = try await tx.all(
      """
      SELECT external_id, product_id, channel, quantity, unit_price, discount, allowance,
        currency, sold_at, return_of, referral, territory, format, list_price, deductions::text
      FROM sale_lines s WHERE source = \(source) AND external_id = ANY(\(ids))
        AND \(Withdrawals.stands("s"))
      """, as: Stored.self)
    return Dictionary(rows.map { ($0.0, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func compare(_ line: SaleLine, with stored: Stored) throws -> SaleOutcome {
    let differing = try [
      ("product_id", line.productID?.uuid != stored.1), ("channel", line.channel != stored.2),
      ("quantity", line.quantity != stored.3), ("unit_price", line.unitPrice != stored.4),
      ("discount", line.discount != stored.5), ("allowance", line.allowance != stored.6),
      ("currency", line.currency.code != stored.7), ("sold_at", line.soldAt != stored.8),
      ("return_of", line.returnOf != stored.9), ("referral", line.referral != stored.10),
      ("territory", line.territory?.code != stored.11), ("format", line.format != stored.12),
      ("list_price", line.listPrice != stored.13),
      ("deductions", !line.deducts(stored.14)),
    ].filter(\.1).map(\.0)
    if differing.isEmpty { return .repeated }
    return .conflict("recorded before with another " + differing.joined(separator: ", "))
  }
}
