import Postgres

/// Tells who follows an idea, its author among them, what becomes of it in a session.
enum TellEvaluation {
  static func run(
    _ words: String, of session: EvaluationID, to ideas: [IdeaID], by curator: MemberID,
    at now: Timestamp, in tx: Transaction
  ) async throws {
    for idea in ideas {
      try await Notify.post(
        .evaluation, about: idea, subject: session.uuid, detail: words, by: curator,
        to: .followers, at: now, in: tx)
    }
  }

  /// What is new in a plan: an idea hears when it is on or off the agenda, or the session moves.
  static func planned(
    _ plan: PlanEvaluation.Plan, of session: EvaluationID, before old: Evaluation?,
    by curator: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws {
    let title = plan.title.trimmed
    let known = Set(old?.agenda.map(\.idea) ?? [])
    try await run(
      "It is on the agenda of “\(title)”, from \(plan.startsAt) to \(plan.endsAt)", of: session,
      to: plan.agenda.filter { !known.contains($0) }, by: curator, at: now, in: tx)
    guard let old else { return }
    let left = known.subtracting(plan.agenda).sorted { $0.uuid < $1.uuid }
    try await run(
      "It is not on the agenda of “\(old.head.title)” any more", of: session, to: left,
      by: curator, at: now, in: tx)
    if old.head.startsAt == plan.startsAt && old.head.endsAt == plan.endsAt { return }
    try await run(
      "“\(title)” is now from \(plan.startsAt) to \(plan.endsAt)", of: session,
      to: plan.agenda.filter(known.contains), by: curator, at: now, in: tx)
  }
}
