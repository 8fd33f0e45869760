import Postgres

/// Changes an idea's state, with a row of its history. Every other action that does goes through
/// here.
public enum MoveIdea {
  public enum Outcome: Sendable {
    /// The idea as it is now, and the state it came from.
    case moved(Idea, from: Idea.State)
    /// That does not follow from the state it is in.
    case notAllowed(from: Idea.State)
    case unknown
  }

  /// The idea's tally follows and stays locked: votes that are under way come before this or are
  /// refused after it.
  /// - Parameters:
  ///   - reason: 1 to 2 000 characters, for everybody who may read the idea.
  ///   - mover: nil when the rules do it.
  ///   - origins: states it may come from; what the table of transitions says unless given.
  public static func run(
    _ idea: IdeaID, to state: Idea.State, reason: String, by mover: MemberID?,
    from origins: Set<Idea.State>? = nil, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = fault(reason: reason) { throw Invalid("/reason", fault) }
    let held = try await tx.first(
      "SELECT state, changes FROM ideas WHERE id = \(idea.uuid) FOR NO KEY UPDATE",
      as: (Idea.State, Int32).self)
    guard let (old, changes) = held else { return .unknown }
    guard old.next.contains(state), origins?.contains(old) ?? true else {
      return .notAllowed(from: old)
    }
    // What stands between a submission and the votes, no hand passes over.
    if state == .open && old == .submitted {
      if try await SubmissionWaits.of(idea, at: now, in: tx).isBlocked {
        return .notAllowed(from: old)
      }
    }
    try await tx.execute(
      """
      INSERT INTO idea_history (idea_id, number, old_state, new_state, reason, changed_by,
                                changed_at)
      VALUES (\(idea.uuid), \(changes + 1), \(old), \(state), \(reason.trimmed),
              \(mover?.uuid), \(now))
      """)
    try await tx.execute(
      """
      UPDATE ideas SET state = \(state), changes = \(changes + 1),
        decided_at = \(state.isEnd ? now : nil),
        opened_at = CASE WHEN \(old == .draft || old == .submitted) THEN \(now) ELSE opened_at END
      WHERE id = \(idea.uuid)
      """)
    // Who opens a draft or withdraws does so as its author.
    if let mover, old != .draft, state != .withdrawn {
      try await Audit.record(
        "idea_moved", on: idea.description, reason: reason,
        before: ["state": .string(old.rawValue)], after: ["state": .string(state.rawValue)],
        by: mover, at: now, in: tx)
    }
    if state == .withdrawn { try await TermAcceptance.withdraw(idea, at: now, in: tx) }
    if old == .submitted, let fee = try await IdeaFee.held(idea, in: tx) {
      try await MoveFee(fee: fee, mover: mover, now: now).follow(to: state, in: tx)
    }
    try await Gates.follow(idea, from: old, to: state, at: now, in: tx)
    if state.isEnd { try await VoteAccount.release(idea, in: tx) }
    let merges = state == .duplicate || old == .duplicate
    try await Notify.post(
      merges ? .merge : .ideaState, about: idea, detail: state.rawValue, by: mover, to: .followers,
      at: now, in: tx)
    return .moved(try await find(idea, in: tx), from: old)
  }

  /// What is wrong with a reason; nil when nothing is.
  public static func fault(reason: String) -> String? {
    reason.trimmed.fault(1...2000, lines: true)
  }

  static func find(_ idea: IdeaID, in db: some Queryable) async throws -> Idea {
    try await db.one(
      "SELECT \(Idea.columns) FROM \(Idea.source) WHERE ideas.id = \(idea.uuid)", of: Idea.self)
  }
}
