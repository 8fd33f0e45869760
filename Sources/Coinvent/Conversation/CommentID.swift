import Postgres

/// A comment on an idea.
public struct CommentID: EntityID {
  public static let prefix = "comment"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
