import Postgres

/// A payout. The provider's key is its text, so that every attempt carries the same.
public struct PayoutID: EntityID {
  public static let prefix = "pay"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

/// A file of payouts.
public struct BatchID: EntityID {
  public static let prefix = "batch"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
