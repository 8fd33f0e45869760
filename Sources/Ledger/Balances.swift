import Postgres

/// Reads what accounts hold.
public enum Balances {
  /// The cached balances of one owner, by kind and currency, in nanos.
  public static func of(owner: UUID, in db: some Queryable) async throws
    -> [AccountKind: [Currency: Int64]]
  {
    let rows = try await db.all(
      "SELECT kind::text, currency, balance FROM balances WHERE owner = \(owner)",
      as: (String, String, Int64).self)
    var balances: [AccountKind: [Currency: Int64]] = [:]
    for (kind, currency, balance) in rows {
      guard let kind = AccountKind(rawValue: kind), let currency = Currency(currency) else {
        continue
      }
      balances[kind, default: [:]][currency] = balance
    }
    return balances
  }
}
