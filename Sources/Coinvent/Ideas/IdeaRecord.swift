import Postgres

/// What has happened to an idea: its changes of state, and the texts it had before.
public enum IdeaRecord {
  public struct Change: Sendable, RowDecodable {
    public let oldState: Idea.State
    public let newState: Idea.State
    public let reason: String
    /// Nil when the rules did it.
    public let changedBy: MemberID?
    public let changedAt: Timestamp
    /// Of a withdrawal: whether it took the contribution back; nil where no terms were accepted.
    public let takenBack: Bool?

    public init(row: inout RowReader) throws {
      oldState = try row.next(Idea.State.self)
      newState = try row.next(Idea.State.self)
      reason = try row.next(String.self)
      changedBy = try row.next(UUID?.self).map(MemberID.init(uuid:))
      changedAt = try row.next(Timestamp.self)
      takenBack = try row.next(Bool?.self)
    }
  }

  public struct Version: Sendable, RowDecodable {
    public let version: Int64
    public let title: String
    public let pitch: String
    public let problem: String
    public let solution: String
    public let category: String
    public let features: String?
    public let similarProducts: String?
    /// JSON, as an idea has them.
    public let tags: StoredText?
    public let links: StoredText?
    public let replacedAt: Timestamp

    public init(row: inout RowReader) throws {
      version = Int64(try row.next(Int32.self))
      title = try row.next(String.self)
      pitch = try row.next(String.self)
      problem = try row.next(String.self)
      solution = try row.next(String.self)
      category = try row.next(String.self)
      features = try row.next(String?.self)
      similarProducts = try row.next(String?.self)
      tags = try row.next(StoredText?.self)
      links = try row.next(StoredText?.self)
      replacedAt = try row.next(Timestamp.self)
    }
  }

  /// The first change first.
  public static func changes(of idea: IdeaID, in db: some Queryable) async throws -> [Change] {
    try await db.all(
      """
      SELECT old_state, new_state, reason, changed_by, changed_at, taken_back
      FROM idea_history h LEFT JOIN term_withdrawals w
        ON w.idea_id = h.idea_id AND new_state = 'withdrawn'
      WHERE h.idea_id = \(idea.uuid) ORDER BY number
      """, of: Change.self)
  }

  /// Former texts, the first version first; the present ones are the idea's.
  public static func versions(of idea: IdeaID, in db: some Queryable) async throws -> [Version] {
    try await db.all(
      """
      SELECT version, title, pitch, problem, solution, category, features, similar_products,
             array_to_json(tags)::text, links::text, replaced_at
      FROM idea_versions
      WHERE idea_id = \(idea.uuid) ORDER BY version
      """, of: Version.self)
  }

  /// All ideas of an author, the newest first, drafts included: for the author's own eyes.
  public static func ideas(of author: MemberID, in db: some Queryable) async throws -> [Idea] {
    try await db.all(
      """
      SELECT \(Idea.columns) FROM \(Idea.source) WHERE ideas.author_id = \(author.uuid)
      ORDER BY ideas.created_at DESC, ideas.id DESC LIMIT 1000
      """, of: Idea.self)
  }
}
