import Postgres

/// Names one settlement period.
public struct PeriodID: EntityID {
  public static let prefix = "period"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
