import Ledger

/// What the operator has set about payouts.
public struct PayoutPolicy: Sendable {
  /// The least that is paid, in nanos of a major unit, the same number in every currency.
  public var minimum: Int64
  /// Whether workers pay what is payable without being asked.
  public var automatic: Bool
  public var rail: PayoutRail

  public init(
    minimum: Int64 = 10_000_000_000, automatic: Bool = true, rail: PayoutRail = .provider
  ) {
    precondition(minimum > 0, "a minimum payout is more than nothing")
    self.minimum = minimum
    self.automatic = automatic
    self.rail = rail
  }

  public static let standard = PayoutPolicy()

  /// Providers forget keys after a day. An order older than this is asked for, never sent again.
  public static let keyLifetime = Duration.seconds(20 * 3600)
}
