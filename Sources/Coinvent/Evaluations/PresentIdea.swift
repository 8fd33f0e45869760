import Postgres

/// Says which idea of a live session is presented now.
public enum PresentIdea {
  public enum Outcome: Sendable {
    case presented(Evaluation)
    case notLive(Evaluation.State)
    case notOnAgenda
    case unknown
  }

  /// - Parameter idea: nil for none.
  public static func run(_ idea: IdeaID?, in id: EvaluationID, tx: Transaction) async throws
    -> Outcome
  {
    guard let state = try await Evaluation.lock(id, changing: true, in: tx) else {
      return .unknown
    }
    guard state == .live else { return .notLive(state) }
    if let idea {
      let known = try await tx.first(
        """
        SELECT place FROM evaluation_entries
        WHERE evaluation_id = \(id.uuid) AND idea_id = \(idea.uuid)
        """, as: Int32.self)
      if known == nil { return .notOnAgenda }
    }
    try await tx.execute(
      "UPDATE evaluations SET current_idea = \(idea?.uuid) WHERE id = \(id.uuid)")
    return .presented(try await Evaluation.known(id, in: tx))
  }
}
