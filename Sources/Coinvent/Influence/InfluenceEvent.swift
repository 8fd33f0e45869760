import Postgres

/// One adopted contribution: who, to which slice, how much, and what it was. Never changed.
///
/// It holds every fact that a policy may ask for, whatever the recipe of the day asks, so that the
/// same events can be divided by another recipe.
public struct InfluenceEvent: Sendable {
  public let id: UUID
  public let member: MemberID
  public let slice: Slice
  public let role: ContributionRole
  /// What counts in proportion: units, a pick's weight times a part of a team. In events of before
  /// `spread` was kept, the number of votes spread.
  public let weight: Int64
  /// How many choices the member spread over the round, for `selective`.
  public let spread: Int64?
  /// Which of the votes for the adopted thing this was, 1 the first, for `early_weighted`.
  public let place: Int64?
  /// For `accuracy`.
  public let guess: Guess?
  public let occurredAt: Timestamp

  /// What somebody said that something would be, and what it was, both in nanos.
  public struct Guess: Sendable, Equatable {
    public let value: Int64
    public let target: Int64

    public init(value: Int64, target: Int64) {
      self.value = value
      self.target = target
    }
  }

  public static let weights: ClosedRange<Int64> = 1...1_000_000_000_000

  public init(
    id: UUID, member: MemberID, slice: Slice, role: ContributionRole = .any, weight: Int64 = 1,
    spread: Int64? = nil, place: Int64? = nil, guess: Guess? = nil, occurredAt: Timestamp
  ) {
    self.id = id
    self.member = member
    self.slice = slice
    self.role = role
    self.weight = weight
    self.spread = spread
    self.place = place
    self.guess = guess
    self.occurredAt = occurredAt
  }

  /// The same as if another member had done it.
  func of(_ member: MemberID) -> InfluenceEvent {
    InfluenceEvent(
      id: id, member: member, slice: slice, role: role, weight: weight, spread: spread,
      place: place, guess: guess, occurredAt: occurredAt)
  }
}
