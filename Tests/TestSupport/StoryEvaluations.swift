import Coinvent
import Postgres

extension Story {
  /// A plan with the criteria "fun" (1 to 5) and "price" (1 to 3).
  public func plan(_ agenda: [IdeaID], title: String = "Spring") -> PlanEvaluation.Plan {
    let start = Timestamp.now + .seconds(3600)
    return PlanEvaluation.Plan(
      title: title, startsAt: start, endsAt: start + .seconds(3600),
      criteria: [
        .init(name: "fun", scale: 5, description: "Would you smile?"),
        .init(name: "price", scale: 3, description: "Would you pay?"),
      ], agenda: agenda)
  }

  public func planned(_ agenda: [IdeaID], by curator: MemberID) async throws -> EvaluationID {
    let plan = plan(agenda)
    return try await pool.transaction {
      try await PlanEvaluation.make(plan, by: curator, in: $0).id
    }
  }

  public func start(_ id: EvaluationID, by curator: MemberID) async throws
    -> StartEvaluation.Outcome
  {
    try await pool.transaction {
      try await StartEvaluation.run(id, reason: "It is spring.", by: curator, in: $0)
    }
  }

  public func rate(
    _ idea: IdeaID, _ scores: [String: Int64], by member: MemberID, in id: EvaluationID
  ) async throws -> RateIdea.Outcome {
    let scores = scores.map { RateIdea.Score(criterion: $0.key, score: $0.value) }
    return try await pool.transaction {
      try await RateIdea.run(scores, of: idea, by: member, in: id, tx: $0)
    }
  }

  public func decide(
    _ choice: DecideEvaluated.Choice, _ idea: IdeaID, in id: EvaluationID, _ curator: MemberID
  ) async throws -> DecideEvaluated.Outcome {
    try await pool.transaction {
      try await DecideEvaluated.run(
        choice, idea: idea, in: id, reason: "So they said.", by: curator, tx: $0)
    }
  }

  public func close(_ id: EvaluationID, carrying: Bool = false, by curator: MemberID)
    async throws -> CloseEvaluation.Outcome
  {
    try await pool.transaction {
      try await CloseEvaluation.run(
        id, carrying: carrying, reason: "Enough for today.", by: curator, in: $0)
    }
  }

  public func states(_ ideas: [IdeaID]) async throws -> [Idea.State?] {
    try await FindIdeas.run(ideas, in: pool).map { $0?.state }
  }
}
