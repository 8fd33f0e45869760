import Postgres

/// Records a curator's decision about an idea on the agenda of a live session.
public enum DecideEvaluated {
  public enum Choice: String, CaseIterable, Sendable {
    case accept, decline
    /// Back to review.
    case review
  }

  public enum Outcome: Sendable {
    /// With the product that an accepted idea has become.
    case decided(Idea, product: ProductID?)
    case alreadyDecided(Evaluation.Decision)
    /// The idea is not in evaluation any more: something was decided outside the session.
    case elsewhere(Idea.State)
    case notLive(Evaluation.State)
    case notOnAgenda
    case unknown
  }

  /// - Parameters:
  ///   - recipe: how the product's influence is divided; only for `accept`. Nil: the default.
  ///   - contract: what of its revenue goes into its pool; only for `accept`.
  public static func run(
    _ choice: Choice, idea: IdeaID, in id: EvaluationID, reason: String,
    recipe: Recipe? = nil, contract: ContractTerms = .standard, by curator: MemberID,
    at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let state = try await Evaluation.lock(id, changing: false, in: tx) else {
      return .unknown
    }
    guard state == .live else { return .notLive(state) }
    let entry = try await tx.first(
      """
      SELECT place, decision FROM evaluation_entries
      WHERE evaluation_id = \(id.uuid) AND idea_id = \(idea.uuid) FOR NO KEY UPDATE
      """, as: (Int32, Evaluation.Decision?).self)
    guard let entry else { return .notOnAgenda }
    if let decided = entry.1 { return .alreadyDecided(decided) }
    let outcome = try await act(choice, idea, reason, recipe, contract, curator, now, tx)
    guard case .decided = outcome else { return outcome }
    try await tx.execute(
      """
      UPDATE evaluation_entries SET live = false, decision = \(choice.rawValue),
        reason = \(reason.trimmed), decided_by = \(curator.uuid), decided_at = \(now)
      WHERE evaluation_id = \(id.uuid) AND idea_id = \(idea.uuid)
      """)
    try await TellEvaluation.run(
      "Decided: \(choice.rawValue). \(reason.trimmed)", of: id, to: [idea], by: curator, at: now,
      in: tx)
    return outcome
  }

  private static func act(
    _ choice: Choice, _ idea: IdeaID, _ reason: String, _ recipe: Recipe?,
    _ contract: ContractTerms, _ curator: MemberID, _ now: Timestamp, _ tx: Transaction
  ) async throws -> Outcome {
    // Only from evaluation: a decision that follows from other states too is not this session's.
    let state = try await tx.one(
      "SELECT state FROM ideas WHERE id = \(idea.uuid) FOR NO KEY UPDATE", as: Idea.State.self)
    guard state == .inEvaluation else { return .elsewhere(state) }
    switch choice {
    case .accept, .decline:
      let outcome = try await DecideIdea.run(
        choice == .accept ? .accept : .decline, idea: idea, reason: reason, recipe: recipe,
        contract: contract, by: curator, at: now, in: tx)
      guard case .decided(let decided, let product) = outcome else {
        preconditionFailure("an idea in evaluation can be decided")
      }
      return .decided(decided, product: product)
    case .review:
      let outcome = try await MoveIdea.run(
        idea, to: .inReview, reason: reason, by: curator, at: now, in: tx)
      guard case .moved(let moved, _) = outcome else {
        preconditionFailure("an idea in evaluation can go back to review")
      }
      return .decided(moved, product: nil)
    }
  }
}
