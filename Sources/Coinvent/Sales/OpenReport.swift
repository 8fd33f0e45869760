import JSON
import Ledger
import Postgres

/// Keeps that a report came, and what became of its lines.
public struct OpenReport: Sendable {
  public let id: SaleReportID
  let run: UUID

  /// What is known of a report before its first line is written.
  public struct Facts: Sendable {
    public let source: String
    public let name: String
    public let sha256: [UInt8]
    public var mapping: StoredMapping?
    public let totals: SaleTotals
    public var passedOver: [String: Int] = [:]

    public init(
      source: String, name: String, sha256: [UInt8], mapping: StoredMapping? = nil,
      totals: SaleTotals, passedOver: [String: Int] = [:]
    ) {
      self.source = source
      self.name = name
      self.sha256 = sha256
      self.mapping = mapping
      self.totals = totals
      self.passedOver = passedOver
    }
  }

  /// The same report again is the one that is there.
  public init(_ facts: Facts, at now: Timestamp, in tx: Transaction) async throws {
    id = SaleReportID.of(
      source: facts.source, sha256: facts.sha256,
      mapping: facts.mapping.map { "\($0.name)@\($0.version)" })
    run = .v7(now: now)
    var gross = JSONObject()
    for (currency, nanos) in facts.totals.gross.sorted(by: { $0.key < $1.key }) {
      let amount = Int64(exactly: nanos).map { Amount(nanos: $0, currency: currency).decimal }
      gross[currency.code] = .string(amount ?? "\(nanos) nanos")
    }
    var passed = JSONObject()
    for (reason, count) in facts.passedOver.sorted(by: { $0.key < $1.key }) {
      passed[reason] = .int(Int64(count))
    }
    try await tx.execute(
      """
      INSERT INTO sale_reports (id, source, name, sha256, mapping, mapping_version, lines, units,
                                gross, passed_over, received_at)
      VALUES (\(id.uuid), \(facts.source), \(String(facts.name.suffix(200))), \(facts.sha256),
              \(facts.mapping?.name), \(facts.mapping?.version), \(facts.totals.lines),
              \(facts.totals.units), \(JSON.object(gross).text())::text::jsonb,
              \(JSON.object(passed).text())::text::jsonb, \(now))
      ON CONFLICT DO NOTHING
      """)
  }

  /// Another go at lines of a report that is there.
  init(again id: SaleReportID, at now: Timestamp) {
    self.id = id
    run = .v7(now: now)
  }

  /// Says what became of lines, in the transaction that wrote them.
  /// - Parameter before: the last arrival before the first of them was written.
  func note(
    _ outcomes: [SaleOutcome], part: Int, since before: Int64, at now: Timestamp,
    in tx: Transaction
  ) async throws {
    var (recorded, repeated, conflicts, suspended) = (Int64(0), Int64(0), Int64(0), Int64(0))
    for outcome in outcomes {
      switch outcome {
      case .recorded: recorded += 1
      case .repeated: repeated += 1
      case .conflict: conflicts += 1
      case .suspended: suspended += 1
      }
    }
    try await tx.execute(
      """
      INSERT INTO sale_report_parts (report_id, run, part, recorded, repeated, conflicts, suspended,
                                     at, arrivals)
      SELECT \(id.uuid), \(run), \(Int32(part)), \(recorded), \(repeated), \(conflicts),
        \(suspended), \(now), int8range(\(before), last_value, '(]')
      FROM sale_lines_arrival_seq
      """)
  }
}
