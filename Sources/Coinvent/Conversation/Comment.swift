import Postgres

/// What a member says about an idea or in a project, or to another comment.
public struct Comment: Sendable, RowDecodable {
  public enum State: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case visible
    /// Its author took it back; its place in the thread stays.
    case deleted
    /// A curator took it out, and says why.
    case removed
  }

  public let id: CommentID
  public let idea: IdeaID
  /// The project in whose thread it is; nil: in the idea's own.
  public let project: ProjectID?
  public let author: MemberID
  public let authorHandle: String
  /// Itself last; a root's has one element.
  public let path: [CommentID]
  public let state: State
  /// As it was written.
  public let text: String
  private let keptHTML: String
  private let rendered: Int64
  public let version: Int64
  /// Why it was removed.
  public let reason: String?
  public let isOfficial: Bool
  /// Visible comments below it.
  public let replies: Int64
  /// How many have marked it helpful.
  public let helpful: Int64
  public let reactions: Int64
  public let createdAt: Timestamp
  public let editedAt: Timestamp?

  public static let texts = 1...10_000
  /// How deep replies lie: a root has depth 1.
  public static let deepest = 5
  public static let mostMentions = 20
  /// The last version: no edits after it.
  public static let lastVersion: Int64 = 100

  public var parent: CommentID? { path.count > 1 ? path[path.count - 2] : nil }
  public var root: CommentID { path[0] }

  /// - Parameter mentions: members who are mentioned.
  public func html(mentioning mentions: [Mentioned]) -> String {
    if rendered == Markdown.version { return keptHTML }
    return Markdown.html(of: text, mentioning: Set(mentions.map(\.handle)))
  }

  /// The columns that `init(row:)` reads, in its order, from `source`.
  static let columns: Query =
    """
    c.id, c.idea_id, c.project_id, c.author_id, a.handle, c.path, c.state, c.text, c.html,
    c.rendered, c.version, c.reason, c.official, c.replies, c.helpful, c.reactions, c.created_at,
    c.edited_at
    """

  static let source: Query = "comments c JOIN members a ON a.id = c.author_id"

  public init(row: inout RowReader) throws {
    id = CommentID(uuid: try row.next(UUID.self))
    idea = IdeaID(uuid: try row.next(UUID.self))
    project = try row.next(UUID?.self).map(ProjectID.init(uuid:))
    author = MemberID(uuid: try row.next(UUID.self))
    authorHandle = try row.next(String.self)
    path = try row.next([UUID].self).map(CommentID.init(uuid:))
    state = try row.next(State.self)
    text = try row.next(String.self)
    keptHTML = try row.next(String.self)
    rendered = Int64(try row.next(Int32.self))
    version = Int64(try row.next(Int32.self))
    reason = try row.next(String?.self)
    isOfficial = try row.next(Bool.self)
    replies = try row.next(Int64.self)
    helpful = try row.next(Int64.self)
    reactions = try row.next(Int64.self)
    createdAt = try row.next(Timestamp.self)
    editedAt = try row.next(Timestamp?.self)
  }

  /// - Parameter idea: where it is, when that is known.
  public static func find(_ id: CommentID, in db: some Queryable) async throws -> Comment? {
    try await db.first(
      "SELECT \(columns) FROM \(source) WHERE c.id = \(id.uuid)", of: Comment.self)
  }

  /// The comment and the conversation it belongs to, held: nobody else changes which comments
  /// there are meanwhile.
  static func hold(_ id: CommentID, in tx: Transaction) async throws -> Comment? {
    let place = try await tx.first(
      "SELECT idea_id, thread_id FROM comments WHERE id = \(id.uuid)", as: (UUID, UUID).self)
    guard let (idea, thread) = place else { return nil }
    try await tx.execute(
      """
      SELECT FROM conversations WHERE idea_id = \(idea) AND thread_id = \(thread)
      FOR NO KEY UPDATE
      """)
    return try await find(id, in: tx)
  }
}

extension ProjectID? {
  /// The id of a thread below an idea: of a project, or zeros for the idea's own.
  var thread: UUID { self?.uuid ?? .zero }
}

/// A member whom a comment mentions.
public struct Mentioned: Sendable, Equatable {
  public let member: MemberID
  public let handle: String
}
