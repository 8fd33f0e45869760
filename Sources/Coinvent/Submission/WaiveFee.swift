import Postgres

/// A curator lets an idea pass without its fee.
public enum WaiveFee {
  public enum Outcome: Sendable {
    case waived(IdeaFee)
    case unknown
    /// It is paid, waived or void already, or none was asked for.
    case nothingDue(IdeaFee.State?)
  }

  /// - Throws: `Invalid` for a reason that cannot be taken.
  public static func run(
    _ idea: IdeaID, reason: String, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    let state = try await tx.first(
      "SELECT state FROM ideas WHERE id = \(idea.uuid) FOR NO KEY UPDATE", as: Idea.State.self)
    guard let state, state != .draft else { return .unknown }
    guard let fee = try await IdeaFee.held(idea, in: tx), fee.state == .due else {
      return .nothingDue(try await IdeaFee.of(idea, in: tx)?.state)
    }
    try await MoveFee(fee: fee, mover: curator, now: now)
      .waive(reason: reason.trimmed, in: tx)
    _ = try await OpenSubmission.run(
      idea, reason: "The submission fee was waived.", at: now, in: tx)
    guard let waived = try await IdeaFee.of(idea, in: tx) else {
      preconditionFailure("fees are never deleted")
    }
    return .waived(waived)
  }
}
