import Postgres

/// Reads what is said about an idea, or in a project of its product: pages of roots with their first
/// replies, and pages of the replies below a comment.
public enum ReadThread {
  public enum Sort: String, CaseIterable, Sendable {
    case new, old
    /// By marks, then by reactions, then by youth.
    case helpful
  }

  public struct Page: Sendable {
    public let roots: [Branch]
    public let next: ThreadCursor?
    /// Visible comments on the idea.
    public let count: Int64
    /// Why the conversation is locked; nil when it is open.
    public let lockReason: String?
    /// Official answers, the newest first; on the first page only.
    public let official: [Comment]
  }

  /// A root with its first replies.
  public struct Branch: Sendable {
    public let root: Comment
    /// In reading order: each below what it answers.
    public let replies: [Comment]
    public let next: ThreadCursor?
  }

  /// - Parameters:
  ///   - limit: roots on the page, 1 to 100.
  ///   - replies: how many replies come with each root, 0 to 20.
  public static func run(
    _ idea: IdeaID, project: ProjectID? = nil, sort: Sort = .new, limit: Int = 20,
    replies: Int = 5, after cursor: ThreadCursor? = nil, in db: some Queryable
  ) async throws -> Page {
    let found = try await db.all(
      roots(of: idea, project, sort: sort, limit: limit + 1, after: cursor), of: Comment.self)
    let shown = Array(found.prefix(limit))
    let state = try await db.first(
      """
      SELECT comments, lock_reason FROM conversations
      WHERE idea_id = \(idea.uuid) AND thread_id = \(project.thread)
      """, as: (Int64, String?).self)
    let below = try await firstReplies(of: shown, on: idea, limit: replies, in: db)
    let branches = shown.map { root in
      let all = below[root.id] ?? []
      let first = Array(all.prefix(replies))
      let end = first.last ?? root
      return Branch(
        root: root, replies: first, next: all.count > replies ? ThreadCursor(path: end.path) : nil)
    }
    let next = found.count > limit ? shown.last.map { ThreadCursor(sort: sort, last: $0) } : nil
    return Page(
      roots: branches, next: next, count: state?.0 ?? 0, lockReason: state?.1,
      official: cursor == nil ? try await official(on: idea, project, in: db) : [])
  }

  /// Each order has its index; a page reads only its own rows of it.
  static func roots(
    of idea: IdeaID, _ project: ProjectID?, sort: Sort, limit: Int, after cursor: ThreadCursor?
  ) -> Query {
    let from: Query =
      """
      SELECT \(Comment.columns) FROM \(Comment.source)
      WHERE c.idea_id = \(idea.uuid) AND thread_id = \(project.thread) AND depth = 1
      """
    let id = cursor?.id
    return switch sort {
    case .new:
      "\(from) AND c.id < \(id ?? .max) ORDER BY c.id DESC LIMIT \(limit)"
    case .old:
      "\(from) AND c.id > \(id ?? .zero) ORDER BY c.id LIMIT \(limit)"
    case .helpful:
      """
      \(from) AND (helpful, reactions, c.id)
        < (\(cursor?.helpful ?? .max), \(cursor?.reactions ?? .max), \(id ?? .max))
      ORDER BY helpful DESC, reactions DESC, c.id DESC LIMIT \(limit)
      """
    }
  }

  private static func firstReplies(
    of roots: [Comment], on idea: IdeaID, limit: Int, in db: some Queryable
  ) async throws -> [CommentID: [Comment]] {
    let answered = roots.map(\.id.uuid)
    if answered.isEmpty { return [:] }
    let replies = try await db.all(
      """
      SELECT \(Comment.columns)
      FROM unnest(\(answered)::uuid[]) AS roots (id) CROSS JOIN LATERAL (
        SELECT * FROM comments
        WHERE idea_id = \(idea.uuid) AND root_id = roots.id AND path > ARRAY[roots.id]
        ORDER BY path LIMIT \(limit + 1)) AS c JOIN members a ON a.id = c.author_id
      ORDER BY c.path
      """, of: Comment.self)
    return Dictionary(grouping: replies, by: \.root)
  }

  private static func official(on idea: IdeaID, _ project: ProjectID?, in db: some Queryable)
    async throws -> [Comment]
  {
    try await db.all(
      """
      SELECT \(Comment.columns) FROM \(Comment.source)
      WHERE c.idea_id = \(idea.uuid) AND thread_id = \(project.thread) AND official
      ORDER BY c.id DESC LIMIT 20
      """, of: Comment.self)
  }

  /// What lies below a comment, in reading order.
  public static func replies(
    below comment: Comment, limit: Int = 20, after cursor: ThreadCursor? = nil,
    in db: some Queryable
  ) async throws -> (replies: [Comment], next: ThreadCursor?) {
    let above = comment.path.map(\.uuid)
    let start = cursor?.path ?? above
    let found = try await db.all(
      """
      SELECT \(Comment.columns) FROM \(Comment.source)
      WHERE c.idea_id = \(comment.idea.uuid) AND c.root_id = \(comment.root.uuid)
        AND c.path > \(start) AND c.path > \(above) AND c.path < \(above + [UUID.max])
      ORDER BY c.path LIMIT \(limit + 1)
      """, of: Comment.self)
    let shown = Array(found.prefix(limit))
    return (shown, found.count > limit ? shown.last.map { ThreadCursor(path: $0.path) } : nil)
  }

  /// Whom comments mention.
  public static func mentions(of comments: [Comment], in db: some Queryable) async throws
    -> [CommentID: [Mentioned]]
  {
    if comments.isEmpty { return [:] }
    let rows = try await db.all(
      """
      SELECT comment_id, member_id, handle
      FROM comment_mentions JOIN members ON members.id = member_id
      WHERE idea_id = ANY(\(Array(Set(comments.map(\.idea.uuid)))))
        AND comment_id = ANY(\(comments.map(\.id.uuid)))
      ORDER BY handle
      """, as: (UUID, UUID, String).self)
    var mentions: [CommentID: [Mentioned]] = [:]
    for (comment, member, handle) in rows {
      mentions[CommentID(uuid: comment), default: []].append(
        Mentioned(member: MemberID(uuid: member), handle: handle))
    }
    return mentions
  }
}
