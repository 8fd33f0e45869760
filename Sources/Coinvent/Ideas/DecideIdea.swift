import Postgres

/// Accepts, declines or removes an open idea.
public enum DecideIdea {
  public enum Decision: String, CaseIterable, Sendable {
    case accept, decline, remove

    var state: Idea.State {
      switch self {
      case .accept: .accepted
      case .decline: .declined
      case .remove: .removed
      }
    }
  }

  public enum Outcome: Sendable {
    /// With the product that an accepted idea has become.
    case decided(Idea, product: ProductID?)
    case alreadyDecided(Idea.State)
    case unknown
  }

  /// - Parameters:
  ///   - recipe: how the product's influence is divided; only for `accept`.
  ///   - contract: what of its revenue goes into its pool; only for `accept`.
  public static func run(
    _ decision: Decision, idea: IdeaID, reason: String, recipe: Recipe = .standard,
    contract: ContractTerms = .standard, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = fault(reason: reason) { throw Invalid("/reason", fault) }
    // The idea's tally follows and stays locked: votes that are under way come before this or are
    // refused after it.
    let changed = try await tx.execute(
      """
      UPDATE ideas SET state = \(decision.state.rawValue), decided_at = \(now)
      WHERE id = \(idea.uuid) AND state = 'open'
      """)
    if changed == 0 { return try await refusal(idea, in: tx) }
    let decided = try await tx.one(
      "SELECT \(Idea.columns) FROM \(Idea.source) WHERE ideas.id = \(idea.uuid)", of: Idea.self)
    try await tx.execute(
      """
      INSERT INTO decisions (idea_id, decision, reason, decided_by, decided_at)
      VALUES (\(idea.uuid), \(decision.rawValue), \(reason.trimmed), \(curator.uuid), \(now))
      """)
    switch decision {
    case .accept:
      let product = try await OpenProduct.run(
        idea: idea, name: decided.title.string, inventor: decided.authorID, openedAt: decided.openedAt,
        recipe: recipe, contract: contract, decidedAt: now, in: tx)
      return .decided(decided, product: product)
    case .decline, .remove:
      return .decided(decided, product: nil)
    }
  }

  /// What is wrong with a reason; nil when nothing is.
  public static func fault(reason: String) -> String? {
    reason.trimmed.fault(1...2000, lines: true)
  }

  private static func refusal(_ idea: IdeaID, in tx: Transaction) async throws -> Outcome {
    let state = try await tx.first(
      "SELECT state FROM ideas WHERE id = \(idea.uuid)", as: String.self)
    guard let state, let state = Idea.State(rawValue: state) else { return .unknown }
    return .alreadyDecided(state)
  }
}
