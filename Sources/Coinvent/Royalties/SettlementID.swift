import Postgres

/// Names one settlement.
public struct SettlementID: EntityID {
  public static let prefix = "settle"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
