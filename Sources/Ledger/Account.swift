import Postgres

/// What an account is for; see `Schema/0003-books.sql`.
public enum AccountKind: String, Sendable, CaseIterable {
  case channelRevenue = "channel_revenue"
  case productPool = "product_pool"
  case clearing
  case memberPayable = "member_payable"
  case payoutInFlight = "payout_in_flight"
  case bank
  case feesHeld = "fees_held"
  case feesEarned = "fees_earned"
  case taxWithheld = "tax_withheld"
  case suspense
  case providerClearing = "provider_clearing"
  case house

  /// True where a cached balance is kept beside the transfers.
  public var hasCachedBalance: Bool { self == .memberPayable || self == .payoutInFlight }
}

/// An account in the books: kind, owner and currency. It needs no row of its own.
public struct Account: Hashable, Sendable {
  public let kind: AccountKind
  /// A member or a product; `operator` for the accounts of whoever runs the community.
  public let owner: UUID
  public let currency: Currency

  /// The owner of the bank and house accounts.
  public static let `operator` = UUID.zero

  public init(_ kind: AccountKind, owner: UUID = Account.operator, currency: Currency) {
    self.kind = kind
    self.owner = owner
    self.currency = currency
  }
}
