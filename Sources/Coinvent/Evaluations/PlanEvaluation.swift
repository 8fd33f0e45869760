import Postgres

/// Makes an evaluation session, and changes it while it is planned.
public enum PlanEvaluation {
  public struct Plan: Sendable {
    public var title: String
    public var startsAt: Timestamp
    public var endsAt: Timestamp
    public var criteria: [Evaluation.Criterion]
    /// In the order in which the ideas are presented.
    public var agenda: [IdeaID]

    public init(
      title: String, startsAt: Timestamp, endsAt: Timestamp, criteria: [Evaluation.Criterion],
      agenda: [IdeaID]
    ) {
      self.title = title
      self.startsAt = startsAt
      self.endsAt = endsAt
      self.criteria = criteria
      self.agenda = agenda
    }

    /// Everything wrong with it, by JSON pointer.
    public var faults: [Invalid.Fault] {
      var found: [Invalid.Fault] = []
      if let fault = title.trimmed.fault(1...100) { found.append(("/title", fault)) }
      if endsAt <= startsAt { found.append(("/ends_at", "must be after starts_at")) }
      if !(1...10).contains(criteria.count) {
        found.append(("/criteria", "must be 1 to 10"))
      }
      var names: Set<String> = []
      for (place, criterion) in criteria.enumerated() {
        let pointer = "/criteria/\(place)"
        let name = criterion.name.trimmed
        if let fault = name.fault(1...40) { found.append((pointer + "/name", fault)) }
        if !names.insert(name).inserted {
          found.append((pointer + "/name", "is the name of an earlier one"))
        }
        if !(2...10).contains(criterion.scale) {
          found.append((pointer + "/scale", "must be from 2 to 10"))
        }
        if let fault = criterion.description.trimmed.fault(1...300, lines: true) {
          found.append((pointer + "/description", fault))
        }
      }
      return found + agendaFaults
    }

    private var agendaFaults: [Invalid.Fault] {
      if !(1...100).contains(agenda.count) { return [("/agenda", "must be 1 to 100 ideas")] }
      var seen: Set<IdeaID> = []
      return agenda.enumerated().compactMap { place, idea in
        seen.insert(idea).inserted ? nil : ("/agenda/\(place)", "is on the agenda already")
      }
    }
  }

  public enum Outcome: Sendable {
    case changed(Evaluation)
    case notPlanned(Evaluation.State)
    case unknown
  }

  /// - Throws: `Invalid` for a plan with faults, such as ideas that are not to be evaluated.
  public static func make(
    _ plan: Plan, by curator: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Evaluation {
    try await check(plan, in: tx)
    let id = EvaluationID.new(at: now)
    try await tx.execute(
      """
      INSERT INTO evaluations (id, title, starts_at, ends_at, state, made_by, made_at)
      VALUES (\(id.uuid), \(plan.title.trimmed), \(plan.startsAt), \(plan.endsAt), 'planned',
              \(curator.uuid), \(now))
      """)
    try await write(plan, of: id, in: tx)
    try await TellEvaluation.planned(plan, of: id, before: nil, by: curator, at: now, in: tx)
    return try await Evaluation.known(id, in: tx)
  }

  /// Puts another plan in its place.
  /// - Throws: `Invalid`, as `make` does.
  public static func change(
    _ id: EvaluationID, to plan: Plan, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    guard let state = try await Evaluation.lock(id, changing: true, in: tx) else {
      return .unknown
    }
    guard state == .planned else { return .notPlanned(state) }
    try await check(plan, in: tx)
    let old = try await Evaluation.known(id, in: tx)
    try await tx.execute(
      """
      UPDATE evaluations SET title = \(plan.title.trimmed), starts_at = \(plan.startsAt),
        ends_at = \(plan.endsAt)
      WHERE id = \(id.uuid)
      """)
    try await tx.execute("DELETE FROM evaluation_criteria WHERE evaluation_id = \(id.uuid)")
    try await tx.execute("DELETE FROM evaluation_entries WHERE evaluation_id = \(id.uuid)")
    try await write(plan, of: id, in: tx)
    try await TellEvaluation.planned(plan, of: id, before: old, by: curator, at: now, in: tx)
    return .changed(try await Evaluation.known(id, in: tx))
  }

  private static func check(_ plan: Plan, in tx: Transaction) async throws {
    try Invalid.refuse(plan.faults)
    let states = Dictionary(
      uniqueKeysWithValues: try await tx.all(
        "SELECT id, state FROM ideas WHERE id = ANY(\(plan.agenda.map(\.uuid)))",
        as: (UUID, Idea.State).self))
    try Invalid.refuse(
      plan.agenda.enumerated().compactMap { place, idea in
        if let state = states[idea.uuid], StartEvaluation.origins.contains(state) { return nil }
        return ("/agenda/\(place)", "must be an idea that is qualified or in_review")
      })
  }

  private static func write(_ plan: Plan, of id: EvaluationID, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO evaluation_criteria (evaluation_id, number, name, scale, description)
      SELECT \(id.uuid), number, name, scale, description
      FROM unnest(\(plan.criteria.map(\.name.trimmed)), \(plan.criteria.map(\.scale)),
                  \(plan.criteria.map(\.description.trimmed)))
        WITH ORDINALITY AS c (name, scale, description, number)
      """)
    try await tx.execute(
      """
      INSERT INTO evaluation_entries (evaluation_id, idea_id, place)
      SELECT \(id.uuid), idea_id, place
      FROM unnest(\(plan.agenda.map(\.uuid))) WITH ORDINALITY AS a (idea_id, place)
      """)
  }
}
