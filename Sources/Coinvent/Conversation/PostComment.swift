import Postgres

/// Says something about an idea or in a project of its product, or answers a comment.
public enum PostComment {
  public enum Outcome: Sendable {
    case posted(Comment)
    case unknownIdea
    case unknownProject
    /// There is no such comment in the thread, or it is not to be seen any more.
    case unknownParent
    /// The idea is a draft or was removed.
    case closed(Idea.State)
    case locked(reason: String)
    /// Only a curator answers officially.
    case notCurator
  }

  /// A reply to a comment at the greatest depth is attached to what that one answers.
  /// - Parameter official: a curator's answer that is shown first.
  /// - Throws: `Invalid` for the text, `Banned`.
  public static func run(
    _ text: String, on idea: IdeaID, project: ProjectID? = nil, to parent: CommentID? = nil,
    official: Bool = false, by author: MemberID, role: Role = .member, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if official && !role.includes(.curator) { return .notCurator }
    // Held against a decision meanwhile: what is said comes before it or after it.
    let found = try await tx.first(
      "SELECT state, never_open, author_id FROM ideas WHERE id = \(idea.uuid) FOR SHARE",
      as: (Idea.State, Bool, UUID).self)
    guard let (state, neverOpen, inventor) = found else { return .unknownIdea }
    let isOwn = inventor == author.uuid
    let isHidden = state.isHidden || neverOpen
    if isHidden && !isOwn && (state == .draft || !role.includes(.curator)) {
      return .unknownIdea
    }
    guard state != .draft && state != .removed else { return .closed(state) }
    if let project, try await !isTalkedAbout(project, of: idea, in: tx) { return .unknownProject }
    try await Ban.refuse(author, .comments, at: now, in: tx)
    let written = try await CommentText(text, in: tx)
    if let reason = try await hold(idea, project, in: tx), !role.includes(.curator) {
      return .locked(reason: reason)
    }
    var answered: Comment?
    if let parent {
      answered = try await Comment.find(parent, in: tx)
      guard let answered, answered.idea == idea, answered.project == project,
        answered.state == .visible
      else {
        return .unknownParent
      }
    }
    let id = CommentID.new(at: now)
    let above = answered.map { Array($0.path.prefix(Comment.deepest - 1)) } ?? []
    try await insert(
      written, id, on: idea, project, below: above, official, by: author, at: now, in: tx)
    try await count(1, on: idea, project, below: above, in: tx)
    try await FollowIdea.add(author, to: idea, at: now, in: tx)
    let mentioned = try await written.keepMentions(of: id, on: idea, in: tx)
    try await tell(
      written.text, id, on: idea, answering: answered, official: official, mentioned: mentioned,
      by: author, at: now, in: tx)
    guard let comment = try await Comment.find(id, in: tx) else {
      preconditionFailure("a comment that was just written is there")
    }
    return .posted(comment)
  }

  /// Takes the conversation for this transaction; why it is locked, if it is.
  private static func hold(_ idea: IdeaID, _ project: ProjectID?, in tx: Transaction) async throws
    -> String?
  {
    try await tx.execute(
      """
      INSERT INTO conversations (idea_id, thread_id) VALUES (\(idea.uuid), \(project.thread))
      ON CONFLICT DO NOTHING
      """)
    return try await tx.one(
      """
      SELECT lock_reason FROM conversations
      WHERE idea_id = \(idea.uuid) AND thread_id = \(project.thread) FOR NO KEY UPDATE
      """, as: String?.self)
  }

  /// Whether there is such a project to talk about: a draft is none.
  static func isTalkedAbout(_ project: ProjectID, of idea: IdeaID, in tx: Transaction) async throws
    -> Bool
  {
    try await tx.one(
      """
      SELECT EXISTS (SELECT FROM projects
                     WHERE product_id = \(idea.uuid) AND id = \(project.uuid) AND state <> 'draft')
      """, as: Bool.self)
  }

  private static func insert(
    _ written: CommentText, _ id: CommentID, on idea: IdeaID, _ project: ProjectID?,
    below above: [CommentID], _ official: Bool, by author: MemberID, at now: Timestamp,
    in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO comments (idea_id, id, project_id, author_id, path, text, html, rendered,
                            official, created_at)
      VALUES (\(idea.uuid), \(id.uuid), \(project?.uuid), \(author.uuid),
              \(above.map(\.uuid) + [id.uuid]), \(written.text), \(written.html),
              \(Int32(Markdown.version)), \(official), \(now))
      """)
  }

  /// Counts visible comments, in the conversation and in all that are above.
  static func count(
    _ change: Int64, on idea: IdeaID, _ project: ProjectID?, below above: [CommentID],
    in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      UPDATE conversations SET comments = comments + \(change)
      WHERE idea_id = \(idea.uuid) AND thread_id = \(project.thread)
      """)
    if above.isEmpty { return }
    try await tx.execute(
      """
      UPDATE comments SET replies = replies + \(change)
      WHERE idea_id = \(idea.uuid) AND id = ANY(\(above.map(\.uuid)))
      """)
  }

  private static func tell(
    _ text: String, _ id: CommentID, on idea: IdeaID, answering answered: Comment?,
    official: Bool, mentioned: [MemberID], by author: MemberID, at now: Timestamp,
    in tx: Transaction
  ) async throws {
    try await Notify.post(
      official ? .officialAnswer : .comment, about: idea, subject: id.uuid, detail: text,
      by: author, to: .followers, at: now, in: tx)
    if let answered {
      try await Notify.post(
        .reply, about: idea, subject: id.uuid, detail: text, by: author,
        to: .members([answered.author]), at: now, in: tx)
    }
    if !mentioned.isEmpty {
      try await Notify.post(
        .mention, about: idea, subject: id.uuid, detail: text, by: author,
        to: .members(mentioned), at: now, in: tx)
    }
  }
}
