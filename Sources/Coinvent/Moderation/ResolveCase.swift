import JSON
import Postgres

/// Decides a case: what it asks for happens in the same transaction.
public enum ResolveCase {
  /// What is to happen.
  public enum Wish: Sendable {
    case dismiss, remove, warn
    case ban(Ban.Scope, until: Timestamp?)

    var action: Case.Action {
      switch self {
      case .dismiss: .dismiss
      case .remove: .remove
      case .warn: .warn
      case .ban: .ban
      }
    }
  }

  public enum Outcome: Sendable {
    /// Now, or before by the same curator with the same action.
    case resolved(Case)
    case alreadyResolved(Case.Resolution)
    case claimedByAnother(MemberID)
    /// A member is not removed: a ban keeps them out.
    case doesNotFit(Case.Action)
    /// The idea is in a state that it is not removed from.
    case notRemovable(Idea.State)
    /// Nobody bans themselves, and curators ban neither curators nor admins.
    case protected(Role)
    case unknown
  }

  /// - Throws: `Invalid` for the reason or the end of a ban.
  public static func run(
    _ id: CaseID, _ wish: Wish, reason: String, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let found = try await Case.hold(id, in: tx) else { return .unknown }
    if let resolution = found.resolution {
      let isSame = resolution.by == curator && resolution.action == wish.action
      return isSame ? .resolved(found) : .alreadyResolved(resolution)
    }
    if let other = found.claimant(at: now), other != curator { return .claimedByAnother(other) }
    if let no = try await act(wish, on: found, reason, by: curator, at: now, in: tx) { return no }
    try await tx.execute(
      """
      UPDATE cases SET action = \(wish.action), resolution = \(reason.trimmed),
        resolved_by = \(curator.uuid), resolved_at = \(now)
      WHERE id = \(id.uuid)
      """)
    try await Audit.record(
      "case_resolved", on: found.thing.description, reason: reason,
      after: [
        "case": .string(id.description), "action": .string(wish.action.rawValue),
        "reports": .int(found.reports),
      ],
      by: curator, at: now, in: tx)
    return try await Case.find(id, in: tx).map(Outcome.resolved) ?? .unknown
  }

  /// - Returns: why it is not done, and then nothing has changed; nil when it is.
  private static func act(
    _ wish: Wish, on found: Case, _ reason: String, by curator: MemberID, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Outcome? {
    switch wish {
    case .dismiss: return nil
    case .remove: return try await remove(found, reason, by: curator, at: now, in: tx)
    case .warn:
      try await warn(found, reason, by: curator, at: now, in: tx)
      return nil
    case .ban(let scope, let until):
      let outcome = try await BanMember.run(
        found.member, from: scope, until: until, reason: reason, by: curator, at: now, in: tx)
      switch outcome {
      case .banned: return nil
      case .protected(let role): return .protected(role)
      case .unknown: return .unknown
      }
    }
  }

  /// What is gone already needs nothing more.
  private static func remove(
    _ found: Case, _ reason: String, by curator: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome? {
    switch found.thing {
    case .member: return .doesNotFit(.remove)
    case .idea(let id):
      let outcome = try await DecideIdea.run(
        .remove, idea: id, reason: reason, by: curator, at: now, in: tx)
      switch outcome {
      case .decided, .alreadyDecided(.removed): return nil
      case .alreadyDecided(let state), .notYet(let state): return .notRemovable(state)
      case .unknown: return .unknown
      }
    case .comment(let id):
      let outcome = try await RemoveComment.run(
        id, removed: true, reason: reason, by: curator, at: now, in: tx)
      switch outcome {
      case .done, .deleted: return nil
      case .unknown: return .unknown
      }
    }
  }

  /// A comment's author hears which comment is meant; who was reported as a member hears it alone.
  private static func warn(
    _ found: Case, _ reason: String, by curator: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws {
    let words = "You are warned: \(reason.trimmed)"
    guard let idea = found.idea else {
      return try await NotifyMembers.post(
        .moderation, detail: words, by: curator, to: .members([found.member]), at: now, in: tx)
    }
    var subject: UUID?
    if case .comment(let id) = found.thing { subject = id.uuid }
    try await Notify.post(
      .moderation, about: idea, subject: subject, detail: words, by: curator,
      to: .members([found.member]), at: now, in: tx)
  }
}
