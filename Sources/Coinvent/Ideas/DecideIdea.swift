import Postgres

/// Accepts, declines or removes an idea.
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
    /// That decision is for a later state.
    case notYet(Idea.State)
    case unknown
  }

  /// - Parameters:
  ///   - recipe: how the product's influence is divided; only for `accept`. Nil: the default
  ///     that was in force when the idea opened, with a part for catalysts when other
  ///     ideas were merged into this one.
  ///   - contract: what of its revenue goes into its pool; only for `accept`.
  public static func run(
    _ decision: Decision, idea: IdeaID, reason: String, recipe: Recipe? = nil,
    contract: ContractTerms = .standard, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    let moved = try await MoveIdea.run(
      idea, to: decision.state, reason: reason, by: curator, at: now, in: tx)
    guard case .moved(let decided, _) = moved else { return refusal(moved) }
    try await tx.execute(
      """
      INSERT INTO decisions (idea_id, decision, reason, decided_by, decided_at)
      VALUES (\(idea.uuid), \(decision.rawValue), \(reason.trimmed), \(curator.uuid), \(now))
      """)
    switch decision {
    case .accept:
      let usual = try await DefaultRecipe.inForce(at: decided.openedAt, in: tx).recipe
      let ruling = try await MergeIdeas.hasDuplicates(idea, in: tx) ? usual.withCatalysts : usual
      let product = try await OpenProduct.run(
        idea: idea, name: decided.title.string, inventor: decided.authorID,
        openedAt: decided.openedAt, recipe: recipe ?? ruling, contract: contract,
        decidedAt: now, in: tx)
      return .decided(decided, product: product)
    case .decline, .remove:
      return .decided(decided, product: nil)
    }
  }

  /// What is wrong with a reason; nil when nothing is.
  public static func fault(reason: String) -> String? {
    MoveIdea.fault(reason: reason)
  }

  /// A draft is nobody's business yet.
  private static func refusal(_ outcome: MoveIdea.Outcome) -> Outcome {
    switch outcome {
    case .notAllowed(.draft), .unknown: .unknown
    case .notAllowed(let state): state.isEnd ? .alreadyDecided(state) : .notYet(state)
    case .moved(let idea, _): .alreadyDecided(idea.state)
    }
  }
}
