import Postgres

/// A timed call inside a product.
public struct ProjectID: EntityID {
  public static let prefix = "project"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

/// What a member or a team offers in a project.
public struct EntryID: EntityID {
  public static let prefix = "entry"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

/// A file or an image of an entry.
public struct EntryFileID: EntityID {
  public static let prefix = "file"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
