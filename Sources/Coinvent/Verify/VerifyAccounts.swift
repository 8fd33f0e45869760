import Ledger
import Postgres

/// Every transfer is between the accounts that its reason names, and in its cause's currency.
///
/// Fees (`hold`, `earn`, `refund`) are held against their own states in `VerifyFees`.
enum VerifyAccounts {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT home, cause, reason::text, from_kind::text, to_kind::text, currency
      FROM transfers t WHERE NOT (
        CASE reason
          WHEN 'pool' THEN (from_owner, to_owner) = (home, home)
            AND (from_kind, to_kind) IN (('channel_revenue', 'product_pool'),
                                         ('product_pool', 'channel_revenue'))
          WHEN 'credit' THEN \(passes(from: "from", to: "to")) OR \(passes(from: "to", to: "from"))
          WHEN 'refer' THEN \(refers(from: "from", to: "to")) OR \(refers(from: "to", to: "from"))
          WHEN 'deliver' THEN (from_owner, to_owner) = (home, home)
            AND (from_kind, to_kind) IN (('clearing', 'member_payable'),
                                         ('member_payable', 'clearing'))
          WHEN 'reserve' THEN (from_kind, from_owner, to_kind, to_owner)
            = ('member_payable', home, 'payout_in_flight', home)
          WHEN 'release' THEN (from_kind, from_owner, to_kind, to_owner)
            = ('payout_in_flight', home, 'member_payable', home)
          WHEN 'pay' THEN (from_kind, from_owner, to_kind, to_owner)
            = ('payout_in_flight', home, 'bank', \(Account.operator))
          WHEN 'bounce' THEN (from_kind, from_owner, to_kind, to_owner)
            = ('bank', \(Account.operator), 'member_payable', home)
          WHEN 'give' THEN (from_kind, from_owner, to_kind, to_owner)
            = ('member_payable', home, 'house', \(Account.operator))
          WHEN 'deposit' THEN (home, from_owner, to_owner)
            = (\(Account.operator), \(Account.operator), \(Account.operator))
            AND (from_kind, to_kind) IN (('bank', 'channel_revenue'), ('channel_revenue', 'bank'))
          WHEN 'capture' THEN (from_kind, from_owner, to_kind, to_owner)
            = ('provider_clearing', \(Account.operator), 'channel_revenue', home)
          WHEN 'repay' THEN (from_kind, from_owner, to_kind, to_owner)
            = ('channel_revenue', home, 'provider_clearing', \(Account.operator))
          ELSE true END)
      LIMIT 1
      """, as: (UUID, UUID, String, String, String, String).self)
    return Verify.Check(
      name: "transfers are between the accounts of their reason",
      rows: try await VerifyPostings.count("transfers", in: tx),
      finding: row.map { home, cause, reason, from, to, currency in
        Finding(
          check: "accounts",
          detail: "a \(reason) transfer of \(home) for \(cause) goes from \(from) to \(to) in "
            + "\(currency), between accounts that are not those of its reason")
      })
  }

  /// Whether a credit has the product's pool on one side and a holder on the other.
  private static func passes(from pool: StaticString, to holder: StaticString) -> Query {
    """
    ((\(side(pool, "kind")), \(side(pool, "owner"))) = ('product_pool', home)
     AND ((\(side(holder, "kind")) = 'clearing' AND \(side(holder, "owner")) <> \(Account.operator))
          OR (\(side(holder, "kind")), \(side(holder, "owner"))) = ('house', \(Account.operator))))
    """
  }

  private static func refers(from pool: StaticString, to member: StaticString) -> Query {
    """
    ((\(side(pool, "kind")), \(side(pool, "owner"))) = ('product_pool', home)
     AND \(side(member, "kind")) = 'clearing' AND \(side(member, "owner")) <> \(Account.operator))
    """
  }

  private static func side(_ name: StaticString, _ part: StaticString) -> Query {
    "\(unsafeSQL: "\(name)_\(part)")"
  }
}
