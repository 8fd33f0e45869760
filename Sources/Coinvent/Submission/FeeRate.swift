import Ledger
import Postgres

/// What submitting an idea costs, from a moment on.
public struct FeeRate: Sendable, RowDecodable {
  public let number: Int32
  public let amount: Amount
  public let effectiveFrom: Timestamp

  static let columns: Query = "number, currency, amount, effective_from"

  public init(row: inout RowReader) throws {
    number = try row.next()
    amount = try row.amount()
    effectiveFrom = try row.next()
  }

  /// Sets the fee; what is due already stays as it is. The same again adds nothing.
  /// - Parameter effectiveFrom: nil for now.
  /// - Throws: `Invalid` for an amount that cannot be paid, or a time that has passed.
  public static func set(
    _ amount: Amount, effectiveFrom: Timestamp? = nil, by member: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws {
    var invalid = Invalid()
    if amount.nanos < 0 { invalid.add("/amount", "must not be negative") }
    if amount.nanos % amount.currency.minorUnit != 0 {
      invalid.add("/amount", "must be a whole number of the currency's smallest unit")
    }
    if let effectiveFrom, effectiveFrom < now {
      invalid.add("/effective_from", "must not have passed")
    }
    if !invalid.isEmpty { throw invalid }
    if effectiveFrom == nil, let rate = try await inForce(at: now, in: tx), rate.amount == amount {
      return
    }
    try await tx.execute(
      """
      INSERT INTO fee_rates (amount, currency, effective_from, set_by, set_at)
      VALUES (\(amount.nanos), \(amount.currency.code), \(effectiveFrom ?? now), \(member.uuid),
              \(now))
      """)
  }

  /// Nil as long as none was ever set, which means that submitting is free.
  public static func inForce(at now: Timestamp = .now, in db: some Queryable) async throws
    -> FeeRate?
  {
    try await db.first(
      """
      SELECT \(columns) FROM fee_rates WHERE effective_from <= \(now)
      ORDER BY effective_from DESC, number DESC LIMIT 1
      """, of: FeeRate.self)
  }

  /// Those whose time is to come, the next one first.
  public static func coming(at now: Timestamp = .now, in db: some Queryable) async throws
    -> [FeeRate]
  {
    try await db.all(
      """
      SELECT \(columns) FROM fee_rates WHERE effective_from > \(now)
      ORDER BY effective_from, number LIMIT 100
      """, of: FeeRate.self)
  }
}
