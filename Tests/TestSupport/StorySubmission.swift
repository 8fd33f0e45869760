import Coinvent
import Postgres

extension Story {
  @discardableResult
  public func terms(
    _ text: String = "What you submit, we may build.", takeBackDays: Int64 = 14,
    effectiveFrom: Timestamp? = nil, by admin: MemberID, at now: Timestamp = .now
  ) async throws -> Terms {
    try await pool.transaction {
      try await Terms.make(
        text: text, takeBackDays: takeBackDays, effectiveFrom: effectiveFrom, by: admin, at: now,
        in: $0)
    }
  }

  /// Submits an idea that could be opened as it is.
  public func submit(
    by author: MemberID, as state: Idea.State = .open, wish: Submission.Wish = .nothing,
    at now: Timestamp = .now
  ) async throws -> SubmitIdea.Outcome {
    let draft = IdeaDraft(
      title: "A cable that never tangles", pitch: "Cables, tamed.", problem: "Cables tangle.",
      solution: "This one does not.", category: "home")
    return try await pool.transaction {
      try await SubmitIdea.run(draft, by: author, as: state, wish: wish, at: now, in: $0)
    }
  }

  /// The idea that a submission made.
  public func submitted(
    by author: MemberID, as state: Idea.State = .open, wish: Submission.Wish = .nothing,
    at now: Timestamp = .now
  ) async throws -> Idea {
    let outcome = try await submit(by: author, as: state, wish: wish, at: now)
    guard case .made(let idea) = outcome else { throw Surprise("\(outcome)") }
    return idea
  }

  @discardableResult
  public func takeBack(_ idea: IdeaID, by author: MemberID, at now: Timestamp = .now) async throws
    -> WithdrawIdea.Outcome
  {
    try await pool.transaction {
      try await WithdrawIdea.run(idea, reason: "I keep it.", by: author, at: now, in: $0)
    }
  }
}
