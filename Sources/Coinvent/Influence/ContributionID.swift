import Postgres

/// Names one influence event.
public struct ContributionID: EntityID {
  public static let prefix = "contrib"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
