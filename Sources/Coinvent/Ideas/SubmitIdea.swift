import Postgres

/// Submits an idea, or keeps it as a draft.
public enum SubmitIdea {
  public enum Outcome: Sendable {
    case made(Idea)
    /// What it continues is unknown, somebody else's, or still alive.
    case noAncestor
    /// Something that a submission needs is missing.
    case refused(Submission.Refusal)
  }

  /// - Parameters:
  ///   - state: `draft`, `submitted` (for a curator to open), or `open`, which becomes `submitted`
  ///     when there is something to wait for
  ///   - wish: what comes with a submission; nothing with a draft
  ///   - ancestor: an ended idea of the same author that this one continues
  /// - Throws: `Invalid` for a draft with faults, `Banned`.
  public static func run(
    _ draft: IdeaDraft, by author: MemberID, as state: Idea.State = .open,
    wish: Submission.Wish = .nothing, continuing ancestor: IdeaID? = nil, id: IdeaID = .new(),
    at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    precondition([.draft, .submitted, .open].contains(state), "an idea begins at its beginning")
    try Invalid.refuse(draft.faults(in: state))
    try await Ban.refuse(author, .ideas, at: now, in: tx)
    if let ancestor {
      let ended = try await tx.first(
        """
        SELECT true FROM ideas WHERE id = \(ancestor.uuid) AND author_id = \(author.uuid)
          AND state IN ('declined', 'expired', 'withdrawn')
        """, as: Bool.self)
      if ended == nil { return .noAncestor }
    }
    var submission: Submission?
    if state != .draft {
      switch try await Submission.prepare(wish, as: state, at: now, in: tx) {
      case .ready(let ready): submission = ready
      case .refused(let refusal): return .refused(refusal)
      }
    }
    let state = submission?.state ?? state
    if state == .draft, let brief = wish.brief, try await Brief.find(brief, in: tx) == nil {
      return .refused(.unknownBrief)
    }
    try await tx.execute(
      """
      INSERT INTO ideas (id, author_id, title, pitch, problem, solution, category, state,
                         opened_at, created_at, ancestor_id, features, similar_products,
                         tags, links, brief_id)
      VALUES (\(id.uuid), \(author.uuid), \(draft.title), \(draft.pitch), \(draft.problem),
              \(draft.solution), \(draft.category), \(state), \(now), \(now), \(ancestor?.uuid),
              \(draft.details.storedFeatures), \(draft.details.storedProducts),
              \(draft.details.storedTags), \(draft.details.storedLinks)::jsonb,
              \(wish.brief?.uuid))
      """)
    try await FollowIdea.add(author, to: id, at: now, in: tx)
    try await submission?.record(id, by: author, at: now, in: tx)
    if state == .open { try await Gates.begin(id, chain: nil, step: 1, at: now, in: tx) }
    return .made(try await MoveIdea.find(id, in: tx))
  }
}
