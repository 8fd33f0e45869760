import Postgres

/// An idea as everybody may read it. A class, as it is passed on a good deal and never changed.
public final class Idea: Sendable, RowDecodable {
  public let id: IdeaID
  public let authorID: MemberID
  public let authorHandle: StoredText
  public let title: StoredText
  public let pitch: StoredText
  public let problem: StoredText
  public let solution: StoredText
  public let category: StoredText
  public let state: State
  public let votes: Int64
  public let trending: Int64
  public let openedAt: Timestamp
  public let createdAt: Timestamp
  public let decidedAt: Timestamp?
  /// Counts the texts that others have read: 1 until the first edit after the draft.
  public let version: Int64
  public let features: StoredText?
  public let similarProducts: StoredText?
  /// A JSON array of strings, and one of objects: as they are passed on. See `IdeaDetails`.
  public let tags: StoredText?
  public let links: StoredText?
  /// The call it answers.
  public let brief: BriefID?
  /// It ended before anybody but its author and the curators could read it.
  public let isNeverOpen: Bool

  /// The columns that `init(row:)` reads, in its order, from `source`.
  static let columns: Query =
    """
    ideas.id, ideas.author_id, handle, title, pitch, problem, solution, category, ideas.state,
    votes, trending, ideas.opened_at, created_at, decided_at, version,
    ideas.features, ideas.similar_products, array_to_json(ideas.tags)::text, ideas.links::text,
    ideas.brief_id, ideas.never_open
    """

  static let source: Query =
    """
    ideas JOIN tallies ON tallies.idea_id = ideas.id JOIN members ON members.id = ideas.author_id
    """

  public init(row: inout RowReader) throws {
    id = IdeaID(uuid: try row.next(UUID.self))
    authorID = MemberID(uuid: try row.next(UUID.self))
    authorHandle = try row.next(StoredText.self)
    title = try row.next(StoredText.self)
    pitch = try row.next(StoredText.self)
    problem = try row.next(StoredText.self)
    solution = try row.next(StoredText.self)
    category = try row.next(StoredText.self)
    state = try row.next(State.self)
    votes = try row.next(Int64.self)
    trending = try row.next(Int64.self)
    openedAt = try row.next(Timestamp.self)
    createdAt = try row.next(Timestamp.self)
    decidedAt = try row.next(Timestamp?.self)
    version = Int64(try row.next(Int32.self))
    features = try row.next(StoredText?.self)
    similarProducts = try row.next(StoredText?.self)
    tags = try row.next(StoredText?.self)
    links = try row.next(StoredText?.self)
    brief = try row.next(UUID?.self).map(BriefID.init(uuid:))
    isNeverOpen = try row.next(Bool.self)
  }
}
