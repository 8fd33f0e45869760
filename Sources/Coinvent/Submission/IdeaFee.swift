import Ledger
import Postgres

/// The fee that was asked for an idea, and what became of it.
public struct IdeaFee: Sendable, RowDecodable {
  public enum State: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    /// The idea waits for it.
    case due
    /// Paid and kept apart, until votes are taken or the idea ends.
    case held
    /// Votes were taken: it is the operator's.
    case earned
    /// The idea ended before that: it is the member's again.
    case refunded
    /// A curator let the idea pass without it.
    case waived
    /// The idea ended before it was paid: nothing is owed.
    case void
  }

  /// Where it was paid from.
  public enum Source: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    /// The member's own payable balance.
    case balance
    /// Money that was received outside, as finance has recorded.
    case outside
  }

  public struct Event: Sendable, RowDecodable {
    public let state: State
    public let reason: String
    /// Nil when the rules did it.
    public let changedBy: MemberID?
    public let changedAt: Timestamp

    public init(row: inout RowReader) throws {
      state = try row.next()
      reason = try row.next()
      changedBy = try row.next(UUID?.self).map(MemberID.init(uuid:))
      changedAt = try row.next()
    }
  }

  public let idea: IdeaID
  public let member: MemberID
  public let amount: Amount
  public let state: State
  let step: Int32
  public let source: Source?

  static let columns: Query = "idea_id, member_id, currency, amount, state, step, source"

  public init(row: inout RowReader) throws {
    idea = IdeaID(uuid: try row.next())
    member = MemberID(uuid: try row.next())
    amount = try row.amount()
    state = try row.next()
    step = try row.next()
    source = try row.next()
  }

  /// Nil when none was asked for.
  public static func of(_ idea: IdeaID, in db: some Queryable) async throws -> IdeaFee? {
    try await db.first(
      "SELECT \(columns) FROM idea_fees WHERE idea_id = \(idea.uuid)", of: IdeaFee.self)
  }

  /// The first event first.
  public static func events(of idea: IdeaID, in db: some Queryable) async throws -> [Event] {
    try await db.all(
      """
      SELECT new_state, reason, changed_by, changed_at FROM fee_events
      WHERE idea_id = \(idea.uuid) ORDER BY number
      """, of: Event.self)
  }

  /// Locked, after its idea: everything that moves a fee locks in this order.
  static func held(_ idea: IdeaID, in tx: Transaction) async throws -> IdeaFee? {
    try await tx.first(
      "SELECT \(columns) FROM idea_fees WHERE idea_id = \(idea.uuid) FOR NO KEY UPDATE",
      of: IdeaFee.self)
  }

  /// Asks for the fee of a submission.
  static func ask(
    _ rate: FeeRate, for idea: IdeaID, of member: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO idea_fees (idea_id, member_id, rate, amount, currency, state, step)
      VALUES (\(idea.uuid), \(member.uuid), \(rate.number), \(rate.amount.nanos),
              \(rate.amount.currency.code), 'due', 1)
      """)
    try await tx.execute(
      """
      INSERT INTO fee_events (idea_id, number, new_state, reason, changed_by, changed_at)
      VALUES (\(idea.uuid), 1, 'due', 'Submitted by its author.', \(member.uuid), \(now))
      """)
  }
}
