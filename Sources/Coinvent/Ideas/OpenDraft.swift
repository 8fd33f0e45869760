import Postgres

/// Ends a draft: it opens, or waits for a curator to open it.
public enum OpenDraft {
  public enum Outcome: Sendable {
    case opened(Idea)
    case unknown
    /// It is no draft any more.
    case noDraft(Idea.State)
    /// Something that a submission needs is missing.
    case refused(Submission.Refusal)
  }

  /// - Parameter state: `open`, or `submitted` when a curator is to open it
  /// - Throws: `Invalid` while the draft is unfinished, `Banned`.
  public static func run(
    _ idea: IdeaID, as state: Idea.State = .open, wish: Submission.Wish = .nothing,
    by author: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    let found = try await FindIdeas.run([idea], in: tx)[0]
    guard let found, found.authorID == author else { return .unknown }
    guard found.state == .draft else { return .noDraft(found.state) }
    try await Ban.refuse(author, .ideas, at: now, in: tx)
    try Invalid.refuse(IdeaDraft(found).faults(in: state))
    var wish = wish
    if wish.brief == nil { wish.brief = found.brief }
    let submission: Submission
    switch try await Submission.prepare(wish, as: state, at: now, in: tx) {
    case .ready(let ready): submission = ready
    case .refused(let refusal): return .refused(refusal)
    }
    if wish.brief != found.brief {
      try await tx.execute(
        "UPDATE ideas SET brief_id = \(wish.brief?.uuid) WHERE id = \(idea.uuid)")
    }
    let moved = try await MoveIdea.run(
      idea, to: submission.state, reason: "Submitted by its author.", by: author, from: [.draft],
      at: now,
      in: tx)
    switch moved {
    case .moved(let opened, _):
      try await submission.record(idea, by: author, at: now, in: tx)
      return .opened(opened)
    case .notAllowed(let other): return .noDraft(other)
    case .unknown: return .unknown
    }
  }
}

extension IdeaDraft {
  init(_ idea: Idea) throws {
    self.init(
      title: idea.title.string, pitch: idea.pitch.string, problem: idea.problem.string,
      solution: idea.solution.string, category: idea.category.string,
      details: try IdeaDetails(idea))
  }
}
