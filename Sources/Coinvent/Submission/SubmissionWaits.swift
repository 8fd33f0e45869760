import Ledger
import Postgres

/// What a submitted idea waits for before votes are taken.
public struct SubmissionWaits: Sendable, RowDecodable {
  /// A curator is to open it.
  public let curator: Bool
  /// This much is to be paid.
  public let fee: Amount?
  /// Its brief hides it until then.
  public let briefUntil: Timestamp?

  /// What even a curator does not pass over; a fee can be waived.
  public var isBlocked: Bool { fee != nil || briefUntil != nil }
  public var isNothing: Bool { !curator && !isBlocked }

  public init(row: inout RowReader) throws {
    curator = try row.next()
    let nanos = try row.next(Int64?.self)
    let code = try row.next(String?.self)
    if let nanos, let currency = code.flatMap(Currency.init) {
      fee = Amount(nanos: nanos, currency: currency)
    } else {
      fee = nil
    }
    briefUntil = try row.next()
  }

  public static func of(_ idea: IdeaID, at now: Timestamp = .now, in db: some Queryable)
    async throws -> SubmissionWaits
  {
    try await db.one(
      """
      SELECT waits_for_curator, f.amount, f.currency, b.closes_at
      FROM ideas LEFT JOIN idea_fees f ON f.idea_id = ideas.id AND f.state = 'due'
        LEFT JOIN briefs b ON b.id = ideas.brief_id AND hidden_until_close AND closes_at > \(now)
      WHERE ideas.id = \(idea.uuid)
      """, of: SubmissionWaits.self)
  }
}

/// Opens a submitted idea when it waits for nothing any more.
enum OpenSubmission {
  /// - Returns: whether it has opened.
  static func run(_ idea: IdeaID, reason: String, at now: Timestamp, in tx: Transaction)
    async throws -> Bool
  {
    guard try await SubmissionWaits.of(idea, at: now, in: tx).isNothing else { return false }
    let moved = try await MoveIdea.run(
      idea, to: .open, reason: reason, by: nil, from: [.submitted], at: now, in: tx)
    switch moved {
    case .moved: return true
    case .notAllowed, .unknown: return false
    }
  }
}
