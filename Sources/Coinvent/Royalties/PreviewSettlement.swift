import Ledger
import Postgres

/// What a settlement would change now; nothing is written.
public enum PreviewSettlement {
  public struct Change: Sendable {
    public let product: ProductID
    public let contractVersion: Int
    public let shareVersion: Int
    public let before: Amount
    public let after: Amount
  }

  public static func run(through: Day?, pool: Pool) async throws -> [Change] {
    try await pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
      try await tx.execute("SET LOCAL statement_timeout = 0")
      let scope = try await PlanSettlement.scope(through: through, in: tx)
      let rows = try await tx.all(
        LifetimePools.changes(in: scope), as: (UUID, Int32, Int32, String, Int64, Int64).self)
      return rows.compactMap { product, contract, share, code, before, after in
        Currency(code).map {
          Change(
            product: ProductID(uuid: product), contractVersion: Int(contract),
            shareVersion: Int(share), before: Amount(nanos: before, currency: $0),
            after: Amount(nanos: after, currency: $0))
        }
      }
    }
  }
}
