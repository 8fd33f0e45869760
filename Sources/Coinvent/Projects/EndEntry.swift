import JSON
import Postgres

/// Takes an entry out of its project: its author takes it back, or a curator removes it.
public enum EndEntry {
  public enum Outcome: Sendable {
    /// Now, or already.
    case ended(ProjectEntry)
    case unknown
    case notAuthor
    /// It has ended the other way.
    case endedBefore(ProjectEntry.State)
    /// The project is over: what was chosen among stays.
    case notOpen(Project.State)
  }

  /// - Throws: `Banned` never: what is one's own may always be taken back.
  public static func withdraw(
    _ id: EntryID, in projectID: ProjectID, of product: ProductID, by author: MemberID,
    at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    guard let project = try await Project.hold(projectID, of: product, in: tx),
      let entry = try await ProjectEntry.hold(id, in: project, tx)
    else { return .unknown }
    guard entry.author == author else { return entry.state == .entered ? .notAuthor : .unknown }
    switch entry.state {
    case .withdrawn: return .ended(entry)
    case .removed: return .endedBefore(.removed)
    case .waiting, .entered: break
    }
    guard project.state == .open, now < project.closesAt else {
      return .notOpen(project.state == .open ? .closed : project.state)
    }
    return .ended(try await entry.move(to: .withdrawn, in: tx))
  }

  /// - Parameter reason: for its makers.
  /// - Throws: `Invalid` for the reason.
  public static func remove(
    _ id: EntryID, in projectID: ProjectID, of product: ProductID, reason: String,
    by curator: MemberID, at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let project = try await Project.hold(projectID, of: product, in: tx),
      let entry = try await ProjectEntry.hold(id, in: project, tx)
    else { return .unknown }
    switch entry.state {
    case .removed: return .ended(entry)
    case .withdrawn: return .endedBefore(.withdrawn)
    case .waiting, .entered: break
    }
    if project.state == .decided { return .notOpen(.decided) }
    let removed = try await entry.move(to: .removed, reason: reason.trimmed, in: tx)
    try await Audit.record(
      "entry_removed", on: id.description, reason: reason,
      before: ["state": .string(entry.state.rawValue), "answers": .string(entry.answers.string)],
      after: ["state": .string(removed.state.rawValue)], by: curator, at: now, in: tx)
    let makers = try await EntryMaker.of([entry], in: tx)[id] ?? []
    try await Notify.post(
      .moderation, about: project.idea, subject: id.uuid,
      detail: "Your entry was removed: \(reason.trimmed)", by: curator,
      to: .members(makers.map(\.member)), at: now, in: tx)
    return .ended(removed)
  }
}
