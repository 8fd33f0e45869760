import JSON
import Postgres

/// Ends a dispute: a curator answers it, or its member takes it back.
public enum EndDispute {
  /// What a curator finds.
  public enum Answer: Sendable {
    /// What will be different in the next proposal.
    case upheld(changes: String)
    case rejected
  }

  public enum Outcome: Sendable {
    /// The same was said before by the same member.
    case repeated(Dispute)
    case ended(Dispute)
    case alreadyEnded(Dispute.End)
    /// Nobody answers their own dispute, and nobody takes back that of another.
    case notForThisMember
    case unknown
  }

  /// - Throws: `Invalid` for the reason or what changes.
  public static func answer(
    _ id: DisputeID, of product: ProductID, _ answer: Answer, reason: String,
    by curator: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    try Invalid.refuse(faults(answer, reason: reason))
    let (outcome, changes): (Dispute.State, String?) =
      switch answer {
      case .upheld(let changes): (.upheld, changes.trimmed)
      case .rejected: (.rejected, nil)
      }
    let wish = Dispute.End(
      outcome: outcome, reason: reason.trimmed, changes: changes, by: curator, at: now)
    let result = try await end(id, of: product, wish, in: tx) { $0.member != curator }
    guard case .ended = result else { return result }
    try await Audit.record(
      "dispute_\(outcome.rawValue)", on: id.description, reason: reason,
      after: changes.map { ["changes": .string($0)] }, by: curator, at: now, in: tx)
    try await DisputeNews.post(
      "\(outcome.rawValue), \(reason.trimmed)", about: id, of: product,
      by: curator, to: DisputeNews.inventorAndDisputant, at: now, in: tx)
    return result
  }

  /// - Throws: `Invalid` for the reason.
  public static func withdraw(
    _ id: DisputeID, of product: ProductID, reason: String, by member: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    try Invalid.refuse(faults(.rejected, reason: reason))
    let wish = Dispute.End(
      outcome: .withdrawn, reason: reason.trimmed, changes: nil, by: member, at: now)
    let result = try await end(id, of: product, wish, in: tx) { $0.member == member }
    guard case .ended = result else { return result }
    try await DisputeNews.post(
      "withdrawn", about: id, of: product, by: member,
      to: DisputeNews.inventorAndCurators, at: now, in: tx)
    return result
  }

  public static func faults(_ answer: Answer, reason: String) -> [Invalid.Fault] {
    var faults: [Invalid.Fault] = []
    if let fault = MoveIdea.fault(reason: reason) { faults.append(("/reason", fault)) }
    if case .upheld(let changes) = answer, let fault = MoveIdea.fault(reason: changes) {
      faults.append(("/changes", fault))
    }
    return faults
  }

  private static func end(
    _ id: DisputeID, of product: ProductID, _ wish: Dispute.End, in tx: Transaction,
    if mayEnd: (Dispute) -> Bool
  ) async throws -> Outcome {
    guard try await AddEvents.hold(product, in: tx),
      let found = try await Dispute.find(id, of: product, in: tx)
    else { return .unknown }
    guard mayEnd(found) else { return .notForThisMember }
    if let end = found.end {
      let isSame =
        (end.by, end.outcome, end.reason) == (wish.by, wish.outcome, wish.reason)
        && end.changes == wish.changes
      return isSame ? .repeated(found) : .alreadyEnded(end)
    }
    try await tx.execute(
      """
      INSERT INTO dispute_ends
        (product_id, dispute_id, outcome, reason, changes, ended_by, ended_at)
      VALUES (\(product.uuid), \(id.uuid), \(wish.outcome.rawValue), \(wish.reason),
              \(wish.changes), \(wish.by.uuid), \(wish.at))
      """)
    return try await Dispute.find(id, of: product, in: tx).map(Outcome.ended) ?? .unknown
  }
}
