import Postgres

/// Makes a planned session live: its ideas are in evaluation from now on.
public enum StartEvaluation {
  /// Where ideas come from that are evaluated.
  static let origins: Set<Idea.State> = [.qualified, .inReview]

  /// An idea that cannot be evaluated now.
  public struct Unfit: Sendable, Equatable {
    /// Counted from 0.
    public let place: Int
    public let idea: IdeaID
    public let state: Idea.State
    /// It is on the agenda of another session that is live.
    public let isElsewhere: Bool
  }

  public enum Outcome: Sendable {
    case started(Evaluation)
    case notPlanned(Evaluation.State)
    /// Nothing has changed; plan another agenda.
    case unfit([Unfit])
    case unknown
  }

  /// - Parameter reason: for the history of the ideas.
  public static func run(
    _ id: EvaluationID, reason: String, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let state = try await Evaluation.lock(id, changing: true, in: tx) else {
      return .unknown
    }
    guard state == .planned else { return .notPlanned(state) }
    // In the order of ids, so that nobody waits in a circle.
    let ideas = try await tx.all(
      """
      SELECT ideas.id, state, place::bigint,
             EXISTS (SELECT FROM evaluation_entries AS other
                     WHERE other.idea_id = ideas.id AND other.live)
      FROM evaluation_entries JOIN ideas ON ideas.id = idea_id
      WHERE evaluation_id = \(id.uuid) ORDER BY ideas.id FOR NO KEY UPDATE OF ideas
      """, as: (UUID, Idea.State, Int64, Bool).self)
    let unfit = ideas.filter { !origins.contains($0.1) || $0.3 }.sorted { $0.2 < $1.2 }
    guard unfit.isEmpty else {
      return .unfit(
        unfit.map {
          Unfit(place: Int($0.2) - 1, idea: IdeaID(uuid: $0.0), state: $0.1, isElsewhere: $0.3)
        })
    }
    for idea in ideas {
      let moved = try await MoveIdea.run(
        IdeaID(uuid: idea.0), to: .inEvaluation, reason: reason, by: curator, at: now, in: tx)
      guard case .moved = moved else { preconditionFailure("\(idea.1) has been looked at") }
    }
    try await tx.execute(
      "UPDATE evaluation_entries SET live = true WHERE evaluation_id = \(id.uuid)")
    try await tx.execute(
      """
      INSERT INTO evaluation_tallies (evaluation_id, idea_id, criterion, scale, counts)
      SELECT evaluation_id, idea_id, number, scale, array_fill(0, ARRAY[scale::integer])::bigint[]
      FROM evaluation_entries JOIN evaluation_criteria USING (evaluation_id)
      WHERE evaluation_id = \(id.uuid)
      """)
    try await tx.execute(
      "UPDATE evaluations SET state = 'live', started_at = \(now) WHERE id = \(id.uuid)")
    let started = try await Evaluation.known(id, in: tx)
    try await TellEvaluation.run(
      "“\(started.head.title)” is live: members rate it now", of: id,
      to: started.agenda.map(\.idea), by: curator, at: now, in: tx)
    return .started(started)
  }
}
