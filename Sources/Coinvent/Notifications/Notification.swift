import Postgres

/// One thing that one member is told.
public struct Notification: Sendable, RowDecodable {
  /// What members can be told. Each is also a row of `notification_kinds`, with what they get who
  /// have chosen nothing.
  public enum Kind: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case ideaState = "idea_state"
    case gateWarning = "gate_warning"
    case comment, reply, mention
    case officialAnswer = "official_answer"
    case helpful, merge
    case voteHeld = "vote_held"
    case evaluation, brief, moderation, presale
    case productStage = "product_stage"
    case project
    /// Somebody has named the member as one who made an entry.
    case teamEntry = "team_entry"
    case projectDecided = "project_decided"
    case newBrief = "new_brief"
    case dispute, holding, statement
  }

  /// The id of the notice: it is the same for all who are told.
  public let id: NoticeID
  /// Nil: it is about no idea.
  public let idea: IdeaID?
  public let ideaTitle: String?
  public let kind: Kind
  public let subject: UUID?
  public let detail: String?
  /// Nil when the rules did it.
  public let actor: MemberID?
  public let actorHandle: String?
  public let postedAt: Timestamp
  public let arrivedAt: Timestamp
  public let readAt: Timestamp?

  /// The columns that `init(row:)` reads, in its order, from `source`.
  static let columns: Query =
    """
    n.notice_id, n.idea_id, i.title, n.kind, n.subject, n.detail, n.actor_id, a.handle,
    n.posted_at, n.arrived_at, n.read_at
    """

  static let source: Query =
    """
    notifications n LEFT JOIN ideas i ON i.id = n.idea_id
      LEFT JOIN members a ON a.id = n.actor_id
    """

  public init(row: inout RowReader) throws {
    id = NoticeID(uuid: try row.next(UUID.self))
    idea = try row.next(UUID?.self).map(IdeaID.init(uuid:))
    ideaTitle = try row.next(String?.self)
    kind = try row.next(Kind.self)
    subject = try row.next(UUID?.self)
    detail = try row.next(String?.self)
    actor = try row.next(UUID?.self).map(MemberID.init(uuid:))
    actorHandle = try row.next(String?.self)
    postedAt = try row.next(Timestamp.self)
    arrivedAt = try row.next(Timestamp.self)
    readAt = try row.next(Timestamp?.self)
  }
}

/// Something that has happened, of which members are told.
public struct NoticeID: EntityID {
  public static let prefix = "note"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
