import Postgres

/// An evaluation session.
public struct EvaluationID: EntityID {
  public static let prefix = "eval"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

/// A session in which members rate the ideas on an agenda, and a curator decides about each.
public struct Evaluation: Sendable {
  public enum State: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case planned, live, closed
  }

  /// What ideas are rated on, in whole numbers from 1 to `scale`.
  public struct Criterion: Sendable, Hashable {
    public let name: String
    public let scale: Int64
    public let description: String

    public init(name: String, scale: Int64, description: String) {
      self.name = name
      self.scale = scale
      self.description = description
    }
  }

  /// What became of an idea on the agenda.
  public enum Decision: String, CaseIterable, Sendable, PostgresDecodable {
    case accept, decline, review
    /// The session closed without a decision: the idea went back to review.
    case carried
    /// The decision was made outside the session.
    case elsewhere
  }

  /// An idea on the agenda.
  public struct Entry: Sendable {
    public let idea: IdeaID
    /// Nil for an idea that is not for everybody's eyes any more.
    public let title: String?
    public let decision: Decision?
    public let reason: String?
    public let decidedAt: Timestamp?
  }

  /// All but its criteria and agenda.
  public struct Head: Sendable, RowDecodable {
    public let id: EvaluationID
    public let title: String
    public let startsAt: Timestamp
    public let endsAt: Timestamp
    public let state: State
    public let current: IdeaID?
    public let startedAt: Timestamp?
    public let closedAt: Timestamp?

    static let columns: Query =
      "id, title, starts_at, ends_at, state, current_idea, started_at, closed_at"

    public init(row: inout RowReader) throws {
      id = EvaluationID(uuid: try row.next(UUID.self))
      title = try row.next(String.self)
      startsAt = try row.next(Timestamp.self)
      endsAt = try row.next(Timestamp.self)
      state = try row.next(State.self)
      current = try row.next(UUID?.self).map(IdeaID.init(uuid:))
      startedAt = try row.next(Timestamp?.self)
      closedAt = try row.next(Timestamp?.self)
    }
  }

  public let head: Head
  public let criteria: [Criterion]
  public let agenda: [Entry]

  public var id: EvaluationID { head.id }

  /// - Returns: nil when there is no such session.
  public static func find(_ id: EvaluationID, in db: some Queryable) async throws -> Evaluation? {
    let head = try await db.first(
      "SELECT \(Head.columns) FROM evaluations WHERE id = \(id.uuid)", of: Head.self)
    guard let head else { return nil }
    let criteria = try await db.all(
      """
      SELECT name, scale::bigint, description FROM evaluation_criteria
      WHERE evaluation_id = \(id.uuid) ORDER BY number
      """, as: (String, Int64, String).self)
    let agenda = try await db.all(
      """
      SELECT idea_id, title, state, decision, reason, evaluation_entries.decided_at
      FROM evaluation_entries JOIN ideas ON ideas.id = idea_id
      WHERE evaluation_id = \(id.uuid) ORDER BY place
      """, as: (UUID, String, Idea.State, Decision?, String?, Timestamp?).self)
    return Evaluation(
      head: head,
      criteria: criteria.map { Criterion(name: $0.0, scale: $0.1, description: $0.2) },
      agenda: agenda.map { idea, title, state, decision, reason, decidedAt in
        Entry(
          idea: IdeaID(uuid: idea), title: state.isHidden ? nil : title, decision: decision,
          reason: reason, decidedAt: decidedAt)
      })
  }

  /// One that is known to be there.
  static func known(_ id: EvaluationID, in db: some Queryable) async throws -> Evaluation {
    guard let found = try await find(id, in: db) else {
      preconditionFailure("the session has been locked, and sessions are never deleted")
    }
    return found
  }

  /// A page, the newest first.
  /// - Parameter last: the last one of the page before.
  public static func list(
    after last: EvaluationID? = nil, limit: Int = 20, in db: some Queryable
  ) async throws -> [Head] {
    try await db.all(
      """
      SELECT \(Head.columns) FROM evaluations WHERE id < \(last?.uuid ?? .max)
      ORDER BY id DESC LIMIT \(limit)
      """, of: Head.self)
  }

  /// Its state, which stays so until the transaction ends.
  /// - Parameter changing: false lets others that do not change it go on beside.
  static func lock(_ id: EvaluationID, changing: Bool, in tx: Transaction) async throws -> State? {
    try await tx.first(
      """
      SELECT state FROM evaluations WHERE id = \(id.uuid)
      FOR \(changing ? "NO KEY UPDATE" as Query : "SHARE" as Query)
      """, as: State.self)
  }
}
