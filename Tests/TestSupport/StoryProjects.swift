import Coinvent
import JSON
import Postgres

extension Story {
  /// A draft that takes entries for a day from now on, and choices for a day after that.
  public static func draft(
    _ slice: Slice = .naming, form: EntryForm? = nil, choosing: Choosing = .votes,
    rules: JSON = [:], entriesPerMember: Int64 = 3, hidesTallies: Bool = false,
    at now: Timestamp = .now
  ) -> ProjectDraft {
    let day = Duration.seconds(86_400)
    return ProjectDraft(
      slice: slice, title: "A name for it", brief: "Short, and easy to say.", form: form,
      choosing: choosing, rules: rules, entriesPerMember: entriesPerMember,
      hidesTallies: hidesTallies, opensAt: now, entriesUntil: now + day, closesAt: now + day + day)
  }

  /// A project that takes entries.
  public func project(
    _ draft: ProjectDraft = Story.draft(), of product: ProductID, by curator: MemberID,
    at now: Timestamp = .now
  ) async throws -> Project {
    let outcome = try await pool.transaction {
      try await MakeProject.run(
        draft, of: product, isPublished: true, by: curator, at: now, in: $0)
    }
    guard case .made(let project) = outcome else { throw Surprise("\(outcome)") }
    return project
  }

  public func tryToEnter(
    _ project: Project, _ answers: JSON, by author: MemberID, team: EntryTeam? = nil,
    at now: Timestamp = .now
  ) async throws -> EnterProject.Outcome {
    try await pool.transaction {
      try await EnterProject.run(
        .init(author, answers, team: team), in: project.id, of: project.product, at: now, tx: $0)
    }
  }

  /// An entry.
  @discardableResult
  public func enter(
    _ project: Project, _ answers: JSON, by author: MemberID, team: EntryTeam? = nil,
    at now: Timestamp = .now
  ) async throws -> EntryID {
    let outcome = try await tryToEnter(project, answers, by: author, team: team, at: now)
    guard case .entered(let ids) = outcome else { throw Surprise("\(outcome)") }
    return ids[0]
  }

  /// A member's answer to the split of a team's entry.
  @discardableResult
  public func answer(
    _ entry: EntryID, _ accepts: Bool, in project: Project, by member: MemberID,
    at now: Timestamp = .now
  ) async throws -> AnswerSplit.Outcome {
    try await pool.transaction {
      try await AnswerSplit.run(
        entry, accepts: accepts, in: project.id, of: project.product, by: member, at: now, tx: $0)
    }
  }

  @discardableResult
  public func stage(
    _ product: ProductID, _ stage: Stage, needed: String? = nil, reason: String? = nil,
    by curator: MemberID? = nil, at now: Timestamp = .now
  ) async throws -> MoveStage.Outcome {
    try await pool.transaction {
      try await MoveStage.run(
        product: product, to: stage, needed: needed, reason: reason, by: curator, at: now, in: $0)
    }
  }
}
