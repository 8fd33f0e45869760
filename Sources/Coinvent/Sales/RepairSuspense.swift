import JSON
import Postgres

/// Mends a line in suspense, and records it when it can be counted now.
public enum RepairSuspense {
  public enum Outcome: Sendable, Equatable {
    case unknown
    /// What became of the mended line.
    case repaired(SaleOutcome)
  }

  /// - Parameters:
  ///   - changes: fields of the line and what they should say; null takes a field away.
  ///   - reason: why, for those who look later.
  /// - Throws: `Invalid` when the mended line has mistakes.
  public static func run(
    _ externalID: String, of source: String, changes: JSONObject, reason: String,
    by member: MemberID?, at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome {
    try await SettlementGate.pass(in: tx)
    guard let (text, report) = try await lock(externalID, of: source, in: tx) else {
      return .unknown
    }
    var fields = try JSON.parse(text).object ?? JSONObject()
    // Who mends it says how many units it is about.
    let wasUnclear = fields["unclear"] != nil
    fields["unclear"] = nil
    for (name, value) in changes {
      if name == "external_id" {
        throw Invalid("/external_id", "is the line's key and cannot be changed")
      }
      fields[name] = value.isNull ? nil : value
    }
    if wasUnclear, changes["product_id"] == nil {
      try await takeOver(&fields, source: source, in: tx)
    }
    let line = try SaleLine(json: .object(fields), at: "/changes")
    try await note(
      externalID, of: source, "repair", before: text, after: line.json.text(), reason: reason,
      by: member, at: now, in: tx)
    try await tx.execute(
      """
      UPDATE suspense_lines SET line = \(line.json.text())::text::jsonb, repairs = repairs + 1,
        rejected_at = NULL, rejection = NULL
      WHERE source = \(source) AND external_id = \(externalID)
      """)
    let outcomes = try await RecordSales.run(
      [line], source: source, report: report.map { OpenReport(again: $0, at: now) }, at: now,
      in: tx)
    return .repaired(outcomes[0])
  }

  /// A refund whose sale is named now is of that sale's product, and came by its channel.
  private static func takeOver(_ fields: inout JSONObject, source: String, in tx: Transaction)
    async throws
  {
    let sale = try await tx.first(
      """
      SELECT product_id, channel FROM sale_lines s
      WHERE source = \(source) AND external_id = \(fields["return_of"]?.string)
        AND \(Withdrawals.stands("s"))
      """, as: (UUID, String).self)
    guard let (product, channel) = sale else { return }
    fields["product_id"] = .string(ProductID(uuid: product).description)
    fields["channel"] = .string(channel)
  }

  public enum Rejection: Sendable, Equatable {
    case unknown, repeated, rejected
  }

  /// Decides that a line is not to be counted; it stays where it is, with the reason.
  public static func reject(
    _ externalID: String, of source: String, reason: String, by member: MemberID?,
    at now: Timestamp, in tx: Transaction
  ) async throws -> Rejection {
    guard let (text, _) = try await lock(externalID, of: source, in: tx) else { return .unknown }
    let rejected = try await tx.execute(
      """
      UPDATE suspense_lines SET rejected_at = \(now), rejection = \(reason)
      WHERE source = \(source) AND external_id = \(externalID) AND rejected_at IS NULL
      """)
    if rejected == 0 { return .repeated }
    try await note(
      externalID, of: source, "reject", before: text, after: nil, reason: reason, by: member,
      at: now, in: tx)
    return .rejected
  }

  private static func lock(_ externalID: String, of source: String, in tx: Transaction)
    async throws -> (text: String, report: SaleReportID?)?
  {
    try await tx.first(
      """
      SELECT line::text, report_id FROM suspense_lines
      WHERE source = \(source) AND external_id = \(externalID) FOR UPDATE
      """, as: (String, UUID?).self
    ).map { ($0.0, $0.1.map(SaleReportID.init(uuid:))) }
  }

  private static func note(
    _ externalID: String, of source: String, _ action: String, before: String, after: String?,
    reason: String, by member: MemberID?, at now: Timestamp, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO suspense_repairs (source, external_id, number, action, before, after, reason,
                                    repaired_by, repaired_at)
      SELECT \(source), \(externalID), 1 + count(*), \(action), \(before)::text::jsonb,
        \(after)::text::jsonb, \(reason), \(member?.uuid), \(now)
      FROM suspense_repairs WHERE source = \(source) AND external_id = \(externalID)
      """)
  }
}
