import Postgres

/// The ideas that a member follows, the last followed first.
public enum ListFollows {
  public struct Follow: Sendable, RowDecodable {
    public let idea: IdeaID
    public let title: String
    public let state: Idea.State
    public let followedAt: Timestamp

    public init(row: inout RowReader) throws {
      idea = IdeaID(uuid: try row.next(UUID.self))
      title = try row.next(String.self)
      state = try row.next(Idea.State.self)
      followedAt = try row.next(Timestamp.self)
    }
  }

  /// - Returns: a page, and where the next one starts; nil on the last. A duplicate is left out:
  ///   who follows it follows the original.
  public static func run(
    of member: MemberID, limit: Int, after cursor: TimeCursor?, in db: some Queryable
  ) async throws -> (follows: [Follow], next: TimeCursor?) {
    let from = cursor ?? .start
    let found = try await db.all(
      """
      SELECT f.idea_id, i.title, i.state, f.followed_at
      FROM idea_followers f JOIN ideas i ON i.id = f.idea_id
      WHERE f.member_id = \(member.uuid) AND i.state <> 'duplicate'
        AND (f.followed_at, f.idea_id) < (\(from.time), \(from.id))
      ORDER BY f.followed_at DESC, f.idea_id DESC LIMIT \(limit + 1)
      """, of: Follow.self)
    let shown = Array(found.prefix(limit))
    guard found.count > limit, let last = shown.last else { return (shown, nil) }
    return (shown, TimeCursor(time: last.followedAt, id: last.idea.uuid))
  }
}
