import Postgres

/// Changes the text of a comment; the former one is kept as a version.
public enum EditComment {
  public enum Outcome: Sendable {
    case edited(Comment)
    case unknown
    case notAuthor
    case locked(reason: String)
    /// Somebody has edited it since the version the change was made for.
    case otherVersion(Int64)
    /// It has been edited as often as a comment may be.
    case tooOften
  }

  /// The same text again changes nothing.
  /// - Parameter version: the version the author saw; nil edits whatever is there.
  /// - Throws: `Invalid` for the text, `Banned`.
  public static func run(
    _ text: String, comment id: CommentID, version: Int64? = nil, by author: MemberID,
    role: Role = .member, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    guard let comment = try await Comment.hold(id, in: tx), comment.state == .visible else {
      return .unknown
    }
    guard comment.author == author else { return .notAuthor }
    try await Ban.refuse(author, .comments, at: now, in: tx)
    if let reason = try await LockConversation.reason(
      on: comment.idea, comment.project, in: tx),
      !role.includes(.curator)
    {
      return .locked(reason: reason)
    }
    if let version, version != comment.version { return .otherVersion(comment.version) }
    let written = try await CommentText(text, in: tx)
    if written.text == comment.text { return .edited(comment) }
    guard comment.version < Comment.lastVersion else { return .tooOften }
    try await replace(comment, by: written, at: now, in: tx)
    let mentioned = try await written.keepMentions(of: id, on: comment.idea, in: tx)
    if !mentioned.isEmpty {
      try await Notify.post(
        .mention, about: comment.idea, subject: id.uuid, detail: written.text, by: author,
        to: .members(mentioned), at: now, in: tx)
    }
    return try await Comment.find(id, in: tx).map(Outcome.edited) ?? .unknown
  }

  private static func replace(
    _ comment: Comment, by written: CommentText, at now: Timestamp, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO comment_versions (idea_id, comment_id, version, text, replaced_at)
      VALUES (\(comment.idea.uuid), \(comment.id.uuid), \(Int32(comment.version)),
              \(comment.text), \(now))
      """)
    try await tx.execute(
      """
      UPDATE comments SET text = \(written.text), html = \(written.html),
        rendered = \(Int32(Markdown.version)), version = version + 1, edited_at = \(now)
      WHERE idea_id = \(comment.idea.uuid) AND id = \(comment.id.uuid)
      """)
  }

  /// A text that an edit has replaced.
  public struct Version: Sendable {
    public let version: Int64
    public let text: String
    public let replacedAt: Timestamp
  }

  /// The first version first; the present text is the comment's.
  public static func versions(of comment: Comment, in db: some Queryable) async throws -> [Version]
  {
    try await db.all(
      """
      SELECT version, text, replaced_at FROM comment_versions
      WHERE idea_id = \(comment.idea.uuid) AND comment_id = \(comment.id.uuid) ORDER BY version
      """, as: (Int32, String, Timestamp).self
    ).map { Version(version: Int64($0.0), text: $0.1, replacedAt: $0.2) }
  }
}
