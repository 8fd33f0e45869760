/// Why a line cannot be counted yet.
public enum SuspenseReason: String, Sendable, CaseIterable {
  case unknownProduct = "unknown_product"
  case unknownChannel = "unknown_channel"
  /// No member has such a referral code for the product.
  case unknownReferral = "unknown_referral"
  /// The contract pays by list prices, and neither the line nor the contract has one.
  case noListPrice = "no_list_price"
  /// Money went back for units that nobody has named.
  case unclearRefund = "unclear_refund"
  /// Somebody has decided that it is not to be counted.
  case rejected
  /// Its report was taken back.
  case withdrawn

  /// What people can do about it.
  public var advice: String {
    switch self {
    case .unknownProduct:
      "say which product is meant (sales alias add) and replay, or repair product_id"
    case .unknownChannel:
      "repair channel, or give the contract a rate for it and replay"
    case .unknownReferral: "repair referral, or take it away"
    case .noListPrice: "repair list_price, or give the contract list prices and replay"
    case .unclearRefund:
      "money went back and nobody says for which units: repair return_of, quantity and unit_price; "
        + "if for several lines, send a return of each and reject this one"
    case .rejected: "nothing, or a repair takes the rejection back"
    case .withdrawn: "nothing: its report was taken back, and another may bring the same key"
    }
  }
}
