/// What one member, or the house, holds of a product by one part of its recipe.
public struct Share: Sendable, Equatable {
  /// The slice's name; `house` for what nobody earned.
  public let slice: String
  public let role: ContributionRole
  /// Nil is the house.
  public let member: MemberID?
  public let ppb: Int64
  /// How it came about, in words that a member can follow.
  public let reason: String

  init(
    slice: String, role: ContributionRole = .any, member: MemberID?, ppb: Int64, reason: String
  ) {
    self.slice = slice
    self.role = role
    self.member = member
    self.ppb = ppb
    self.reason = reason
  }

  /// What a snapshot's hash is made of: `naming/vote member_01… 25000000`.
  var line: String {
    "\(Recipe.Part.name(slice, role)) \(member?.description ?? "house") \(ppb)"
  }
}
