import Postgres

/// Ends a session. Its ratings stay as they are from then on.
public enum CloseEvaluation {
  public enum Outcome: Sendable {
    case closed(Evaluation)
    case alreadyClosed
    /// These lack a decision (places counted from 0); nothing has changed.
    case undecided([(place: Int, idea: IdeaID)])
    case unknown
  }

  /// A planned session is called off by it, and its ideas stay where they are.
  /// - Parameters:
  ///   - carrying: ideas without a decision go back to review.
  ///   - reason: for the history of those ideas.
  public static func run(
    _ id: EvaluationID, carrying: Bool = false, reason: String, by curator: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let state = try await Evaluation.lock(id, changing: true, in: tx) else {
      return .unknown
    }
    switch state {
    case .closed: return .alreadyClosed
    case .planned:
      let planned = try await Evaluation.known(id, in: tx)
      try await TellEvaluation.run(
        "“\(planned.head.title)” is called off: \(reason.trimmed)", of: id,
        to: planned.agenda.map(\.idea), by: curator, at: now, in: tx)
    case .live:
      let left = try await tx.all(
        """
        SELECT idea_id, place::bigint, state FROM evaluation_entries
        JOIN ideas ON ideas.id = idea_id
        WHERE evaluation_id = \(id.uuid) AND decision IS NULL
        ORDER BY ideas.id FOR NO KEY UPDATE OF ideas
        """, as: (UUID, Int64, Idea.State).self)
      let undecided = left.filter { $0.2 == .inEvaluation }
      if !undecided.isEmpty && !carrying {
        return .undecided(
          undecided.sorted { $0.1 < $1.1 }.map { (Int($0.1) - 1, IdeaID(uuid: $0.0)) })
      }
      for entry in left {
        try await end(
          IdeaID(uuid: entry.0), isUndecided: entry.2 == .inEvaluation, of: id, reason: reason,
          by: curator, at: now, in: tx)
      }
    }
    try await tx.execute(
      """
      UPDATE evaluations SET state = 'closed', closed_at = \(now), current_idea = NULL
      WHERE id = \(id.uuid)
      """)
    return .closed(try await Evaluation.known(id, in: tx))
  }

  private static func end(
    _ idea: IdeaID, isUndecided: Bool, of id: EvaluationID, reason: String, by curator: MemberID,
    at now: Timestamp, in tx: Transaction
  ) async throws {
    if isUndecided {
      let moved = try await MoveIdea.run(
        idea, to: .inReview, reason: reason, by: curator, at: now, in: tx)
      guard case .moved = moved else { preconditionFailure("it is in evaluation") }
      try await TellEvaluation.run(
        "Not decided, back to review: \(reason.trimmed)", of: id, to: [idea], by: curator,
        at: now, in: tx)
    }
    try await tx.execute(
      """
      UPDATE evaluation_entries SET live = false,
        decision = \(isUndecided ? "carried" : "elsewhere"),
        reason = \(isUndecided ? reason.trimmed : nil), decided_by = \(curator.uuid),
        decided_at = \(now)
      WHERE evaluation_id = \(id.uuid) AND idea_id = \(idea.uuid)
      """)
  }
}
