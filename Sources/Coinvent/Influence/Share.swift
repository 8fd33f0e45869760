/// What one member, or the house, holds of a product by one slice.
public struct Share: Sendable, Equatable {
  /// The slice's name; `house` for what nobody earned.
  public let slice: String
  /// Nil is the house.
  public let member: MemberID?
  public let ppb: Int64
  /// How the part came about, in words that a member can follow.
  public let reason: String
}
