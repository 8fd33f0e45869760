import JSON
import Postgres

/// Shows a draft to everybody: from its opening on it takes entries.
public enum PublishProject {
  public enum Outcome: Sendable {
    /// Now, or already.
    case published(Project)
    case unknown
    case noDraft(Project.State)
    case productStopped(Stage)
  }

  /// - Throws: `Invalid` for dates that have passed meanwhile.
  public static func run(
    _ id: ProjectID, of product: ProductID, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    guard let project = try await Project.hold(id, of: product, in: tx) else { return .unknown }
    switch project.state {
    case .open: return .published(project)
    case .closed, .decided, .cancelled: return .noDraft(project.state)
    case .draft: break
    }
    if case .stopped(let stage) = try await MakeProject.ground(
      of: project.slice, in: product, tx)
    {
      return .productStopped(stage)
    }
    if project.entriesUntil <= now {
      throw Invalid("/entries_until", "has passed: change the dates first")
    }
    return .published(try await open(project, by: curator, at: now, in: tx))
  }

  /// Who follows the idea hears of it.
  static func open(
    _ project: Project, by curator: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws -> Project {
    try await Notify.post(
      .project, about: project.idea, subject: project.id.uuid,
      detail: "Entries are taken: \(project.title)", by: curator, to: .followers, at: now, in: tx)
    try await Audit.record(
      "project_published", on: project.id.description, after: ["title": .string(project.title)],
      by: curator, at: now, in: tx)
    return try await project.move(to: .open, in: tx)
  }
}

extension Project {
  /// The idea that the product comes from.
  var idea: IdeaID { IdeaID(uuid: product.uuid) }

  /// The project, held: entries, choices and its states are written one after the other.
  static func hold(_ id: ProjectID, of product: ProductID, in tx: Transaction) async throws
    -> Project?
  {
    try await tx.first(
      """
      SELECT \(columns) FROM projects
      WHERE product_id = \(product.uuid) AND id = \(id.uuid) FOR NO KEY UPDATE
      """, of: Project.self)
  }

  /// - Parameter ending: why it ends here, who ended it, and when; nil where it goes on.
  func move(
    to state: State, ending: (reason: String, by: MemberID?, at: Timestamp)? = nil,
    in tx: Transaction
  ) async throws -> Project {
    try await tx.one(
      """
      UPDATE projects SET state = \(state.rawValue), reason = \(ending?.reason),
        ended_by = \(ending?.by?.uuid), ended_at = \(ending?.at)
      WHERE product_id = \(product.uuid) AND id = \(id.uuid) RETURNING \(Project.columns)
      """, of: Project.self)
  }
}
