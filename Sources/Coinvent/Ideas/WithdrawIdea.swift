import Postgres

/// The author takes an idea back.
public enum WithdrawIdea {
  public enum Outcome: Sendable {
    /// Nil where no terms were accepted; otherwise what became of the rights.
    case withdrawn(Idea, terms: TermAcceptance?)
    case unknown
    case notAuthor
    /// It is too late, or done already.
    case notAllowed(Idea.State)
  }

  public static func run(
    _ idea: IdeaID, reason: String, by author: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let found = try await FindIdeas.run([idea], in: tx)[0] else { return .unknown }
    guard found.authorID == author else { return found.state == .draft ? .unknown : .notAuthor }
    let moved = try await MoveIdea.run(
      idea, to: .withdrawn, reason: reason, by: author, at: now, in: tx)
    switch moved {
    case .moved(let withdrawn, _):
      return .withdrawn(withdrawn, terms: try await TermAcceptance.of(idea, in: tx))
    case .notAllowed(let state): return .notAllowed(state)
    case .unknown: return .unknown
    }
  }
}
