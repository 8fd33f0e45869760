import Ledger
import Postgres

/// What all accounts of one kind hold together in one currency; over all kinds it adds up to zero.
public struct TrialBalance: Sendable {
  public let kind: AccountKind
  public let currency: Currency
  /// Nanos as a decimal integer: sums over everything may pass 64 bits.
  public let nanos: Int128

  static func all(in db: some Queryable) async throws -> [TrialBalance] {
    let rows = try await db.all(
      """
      SELECT kind::text, currency, sum(amount)::text FROM (
        SELECT to_kind AS kind, currency, amount FROM transfers
        UNION ALL
        SELECT from_kind, currency, -amount FROM transfers
      ) AS m GROUP BY kind, currency ORDER BY currency, kind
      """, as: (String, String, String).self)
    return rows.compactMap { kind, code, nanos in
      guard let kind = AccountKind(rawValue: kind), let currency = Currency(code),
        let nanos = Int128(nanos)
      else { return nil }
      return TrialBalance(kind: kind, currency: currency, nanos: nanos)
    }
  }
}

extension TrialBalance {
  /// The balance as a decimal with all its digits.
  public var decimal: String { NineDigits.text(nanos) }
}
