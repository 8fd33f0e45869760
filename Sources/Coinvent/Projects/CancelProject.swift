import JSON
import Postgres

/// Ends a project without a decision.
public enum CancelProject {
  public enum Outcome: Sendable {
    /// Now, or already.
    case cancelled(Project)
    case unknown
    case decided
  }

  /// Who follows the idea hears of it, unless it was never published.
  /// - Throws: `Invalid` for the reason.
  public static func run(
    _ id: ProjectID, of product: ProductID, reason: String, by curator: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let project = try await Project.hold(id, of: product, in: tx) else { return .unknown }
    switch project.state {
    case .cancelled: return .cancelled(project)
    case .decided: return .decided
    case .draft, .open, .closed: break
    }
    let ended = try await project.move(
      to: .cancelled, ending: (reason.trimmed, curator, now), in: tx)
    try await Audit.record(
      "project_cancelled", on: id.description, reason: reason,
      before: ["state": .string(project.state.rawValue)],
      after: ["state": .string(ended.state.rawValue)], by: curator, at: now, in: tx)
    if project.state != .draft {
      try await Notify.post(
        .project, about: project.idea, subject: id.uuid,
        detail: "\(project.title) was cancelled: \(reason.trimmed)", by: curator, to: .followers,
        at: now, in: tx)
    }
    return .cancelled(ended)
  }
}
