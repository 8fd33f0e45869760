import JSON
import Postgres

/// Changes a draft; what is open only ever closes later.
public enum EditProject {
  /// What is to change; nil stays as it is.
  public struct Change: Sendable {
    public var slice: Slice?
    public var title: String?
    public var brief: String?
    public var form: EntryForm?
    public var choosing: Choosing?
    public var rules: JSON?
    public var entriesPerMember: Int64?
    public var hidesTallies: Bool?
    public var opensAt: Timestamp?
    public var entriesUntil: Timestamp?
    public var choosingFrom: Timestamp?
    public var closesAt: Timestamp?

    public init(closesAt: Timestamp? = nil) { self.closesAt = closesAt }

    var isOnlyClosing: Bool {
      slice == nil && title == nil && brief == nil && form == nil && choosing == nil
        && rules == nil && entriesPerMember == nil && hidesTallies == nil && opensAt == nil
        && entriesUntil == nil && choosingFrom == nil
    }

    func applied(to draft: ProjectDraft) -> ProjectDraft {
      var new = draft
      if let slice {
        // A form that is what was usual follows the slice.
        if new.form == .usual(for: new.slice) { new.form = nil }
        new.slice = slice
      }
      if let title { new.title = title }
      if let brief { new.brief = brief }
      if let form { new.form = form }
      if let choosing { new.choosing = choosing }
      if let rules { new.rules = rules }
      if let entriesPerMember { new.entriesPerMember = entriesPerMember }
      if let hidesTallies { new.hidesTallies = hidesTallies }
      if let opensAt { new.opensAt = opensAt }
      if let entriesUntil { new.entriesUntil = entriesUntil }
      if let choosingFrom { new.choosingFrom = choosingFrom }
      if let closesAt { new.closesAt = closesAt }
      return new
    }
  }

  public enum Outcome: Sendable {
    case edited(Project)
    case unknown
    case noSlice
    /// It is open: only a later closing is taken.
    case open
    /// It is over.
    case ended(Project.State)
  }

  /// - Parameter reason: why it closes later; needed once it is open.
  /// - Throws: `Invalid` for what has faults.
  public static func run(
    _ change: Change, project id: ProjectID, of product: ProductID, reason: String? = nil,
    by curator: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    guard let held = try await Project.hold(id, of: product, in: tx) else { return .unknown }
    switch held.state {
    case .draft: return try await rewrite(held, change, at: now, in: tx)
    case .closed, .decided, .cancelled: return .ended(held.state)
    case .open:
      if held.closesAt <= now { return .ended(.closed) }
      guard change.isOnlyClosing, let closesAt = change.closesAt, closesAt >= held.closesAt else {
        return .open
      }
      let reason = reason ?? ""
      if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
      try await Audit.record(
        "project_extended", on: id.description, reason: reason,
        before: ["closes_at": .string(held.closesAt.description)],
        after: ["closes_at": .string(closesAt.description)], by: curator, at: now, in: tx)
      return .edited(
        try await tx.one(
          """
          UPDATE projects SET closes_at = \(closesAt)
          WHERE product_id = \(product.uuid) AND id = \(id.uuid) RETURNING \(Project.columns)
          """, of: Project.self))
    }
  }

  private static func rewrite(
    _ project: Project, _ change: Change, at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome {
    let draft = change.applied(to: try ProjectDraft(project)).tidy
    try Invalid.refuse(draft.faults(at: now))
    if case .noSlice = try await MakeProject.ground(of: draft.slice, in: project.product, tx) {
      return .noSlice
    }
    let form = draft.form ?? .usual(for: draft.slice)
    return .edited(
      try await tx.one(
        """
        UPDATE projects SET slice = \(draft.slice.rawValue), title = \(draft.title),
          brief = \(draft.brief), form = \(form.json.text()),
          choosing = \(draft.choosing.rawValue), rules = \(draft.rules.text()),
          entries_per_member = \(Int32(draft.entriesPerMember)),
          hides_tallies = \(draft.hidesTallies), opens_at = \(draft.opensAt),
          entries_until = \(draft.entriesUntil), choosing_from = \(draft.choosingFrom),
          closes_at = \(draft.closesAt)
        WHERE product_id = \(project.product.uuid) AND id = \(project.id.uuid)
        RETURNING \(Project.columns)
        """, of: Project.self))
  }
}
