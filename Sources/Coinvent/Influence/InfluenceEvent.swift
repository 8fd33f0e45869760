import Postgres

/// One adopted contribution: who, to which slice, how much, and what it was. Never changed.
public struct InfluenceEvent: Sendable {
  public let id: UUID
  public let member: MemberID
  public let slice: Slice
  /// For a selective slice the number of votes spread; else what counts in proportion.
  public let weight: Int64
  public let occurredAt: Timestamp

  public static let weights: ClosedRange<Int64> = 1...1_000_000_000_000

  public init(id: UUID, member: MemberID, slice: Slice, weight: Int64, occurredAt: Timestamp) {
    self.id = id
    self.member = member
    self.slice = slice
    self.weight = weight
    self.occurredAt = occurredAt
  }
}
