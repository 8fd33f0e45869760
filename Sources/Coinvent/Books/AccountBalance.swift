import Ledger
import Postgres

/// An account as commands and the API name it: `bank`, `member_payable:mem_…`,
/// `product_pool:prod_…`. Without an owner it is all accounts of its kind together.
public struct AccountName: Sendable, Hashable, CustomStringConvertible {
  public let kind: AccountKind
  public let owner: UUID?

  public init(_ kind: AccountKind, owner: UUID? = nil) {
    self.kind = kind
    self.owner = owner
  }

  /// - Returns: nil for a kind that there is not, or an owner that cannot have such an account.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let kind = AccountKind(rawValue: String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      self.init(kind)
      return
    }
    let id = String(parts[1])
    switch kind {
    case .memberPayable, .payoutInFlight, .feesHeld:
      guard let member = MemberID(id) else { return nil }
      self.init(kind, owner: member.uuid)
    case .productPool, .channelRevenue:
      guard let product = ProductID(id) else { return nil }
      self.init(kind, owner: product.uuid)
    case .clearing, .bank, .feesEarned, .taxWithheld, .suspense, .providerClearing, .house:
      return nil
    }
  }

  public var description: String {
    guard let owner else { return kind.rawValue }
    return "\(kind.rawValue):\(AccountName.id(of: owner, kind))"
  }

  static func id(of owner: UUID, _ kind: AccountKind) -> String {
    switch kind {
    case .productPool, .channelRevenue: ProductID(uuid: owner).description
    default: MemberID(uuid: owner).description
    }
  }
}

/// What an account held at a moment.
public enum AccountBalance {
  /// By currency, in nanos, up to and with the moment; without those that hold nothing.
  public static func of(_ account: AccountName, at moment: Timestamp, in tx: Transaction)
    async throws -> [(currency: Currency, nanos: Int128)]
  {
    guard let owner = account.owner else {
      return try await BookSums.balances(at: moment, in: tx).filter { $0.kind == account.kind }
        .map { (currency: $0.currency, nanos: $0.nanos) }
    }
    // A member's and a product's rows lie together.
    let kind = account.kind.rawValue
    let rows = try await tx.all(
      """
      SELECT currency, sum(CASE
        WHEN (to_kind, to_owner) = (\(kind)::text::account_kind, \(owner)) THEN amount
        ELSE -amount END)
      FROM transfers
      WHERE home = \(owner) AND posted_at <= \(moment) AND (
        (to_kind, to_owner) = (\(kind)::text::account_kind, \(owner))
        OR (from_kind, from_owner) = (\(kind)::text::account_kind, \(owner)))
      GROUP BY currency HAVING sum(CASE
        WHEN (to_kind, to_owner) = (\(kind)::text::account_kind, \(owner)) THEN amount
        ELSE -amount END) <> 0
      ORDER BY currency
      """, as: (String, Int128).self)
    return rows.compactMap { code, nanos in
      Currency(code).map { (currency: $0, nanos: nanos) }
    }
  }
}
