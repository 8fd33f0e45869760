import Postgres

/// What was said last about an idea, as a feed tells it.
public struct RecentComment: Sendable, RowDecodable {
  public let id: CommentID
  public let authorHandle: String
  public let text: String
  public let isOfficial: Bool
  public let createdAt: Timestamp
  public let editedAt: Timestamp?

  public init(row: inout RowReader) throws {
    id = CommentID(uuid: try row.next(UUID.self))
    authorHandle = try row.next(String.self)
    text = try row.next(String.self)
    isOfficial = try row.next(Bool.self)
    createdAt = try row.next(Timestamp.self)
    editedAt = try row.next(Timestamp?.self)
  }

  /// Visible ones, the newest first.
  public static func of(_ idea: IdeaID, limit: Int = 50, in db: some Queryable) async throws
    -> [RecentComment]
  {
    try await db.all(
      """
      SELECT c.id, m.handle, c.text, c.official, c.created_at, c.edited_at
      FROM comments c JOIN members m ON m.id = c.author_id
      WHERE c.idea_id = \(idea.uuid) AND thread_id = \(ProjectID?.none.thread)
        AND c.state = 'visible'
      ORDER BY c.id DESC LIMIT \(limit)
      """, of: RecentComment.self)
  }
}
