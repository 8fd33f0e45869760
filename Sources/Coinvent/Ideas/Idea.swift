import Postgres

/// An idea as everybody may read it.
public struct Idea: Sendable, RowDecodable {
  public enum State: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case open, accepted, declined, removed
  }

  public let id: IdeaID
  public let authorID: MemberID
  public let title: String
  public let pitch: String
  public let problem: String
  public let solution: String
  public let category: String
  public let state: State
  public let votes: Int64
  public let trending: Int64
  public let openedAt: Timestamp
  public let createdAt: Timestamp
  public let decidedAt: Timestamp?

  /// The columns that `init(row:)` reads, in its order.
  static let columns: Query =
    """
    id, author_id, title, pitch, problem, solution, category, state, votes, trending,
    opened_at, created_at, decided_at
    """

  public init(row: inout RowReader) throws {
    id = IdeaID(uuid: try row.next(UUID.self))
    authorID = MemberID(uuid: try row.next(UUID.self))
    title = try row.next(String.self)
    pitch = try row.next(String.self)
    problem = try row.next(String.self)
    solution = try row.next(String.self)
    category = try row.next(String.self)
    state = try row.next(State.self)
    votes = try row.next(Int64.self)
    trending = try row.next(Int64.self)
    openedAt = try row.next(Timestamp.self)
    createdAt = try row.next(Timestamp.self)
    decidedAt = try row.next(Timestamp?.self)
  }
}
