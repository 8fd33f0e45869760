import Ledger
import Postgres

/// What a settlement would change now; nothing is written but temporary tables.
public struct PreviewSettlement: Sendable {
  public struct Change: Sendable {
    public let product: ProductID
    public let contractVersion: Int
    public let shareVersion: Int
    public let before: Amount
    public let after: Amount
  }

  public let changes: [Change]
  public let ahead: SalesAhead?

  public static func run(through: Day?, pool: Pool) async throws -> PreviewSettlement {
    try await pool.transaction(isolation: .repeatableRead) { tx in
      try await tx.execute("SET LOCAL statement_timeout = 0")
      let counted = try await LifetimePools.Scope.counted(in: tx)
      let scope = try await LifetimePools.Scope.next(through: through, after: counted, in: tx)
      // What is planned and not posted would go unseen among stored sums.
      let isUnfinished = try await tx.one(
        "SELECT EXISTS (SELECT FROM settlements WHERE state = 'planned')", as: Bool.self)
      try await LifetimePools.find(in: scope, since: isUnfinished ? nil : counted, in: tx)
      let rows = try await tx.all(
        """
        SELECT product_id, contract_version, share_version, currency, before, after FROM plan
        ORDER BY product_id, contract_version, share_version, currency
        """, as: (UUID, Int32, Int32, String, Int64, Int64).self)
      return PreviewSettlement(
        changes: rows.compactMap { product, contract, share, code, before, after in
          Currency(code).map {
            Change(
              product: ProductID(uuid: product), contractVersion: Int(contract),
              shareVersion: Int(share), before: Amount(nanos: before, currency: $0),
              after: Amount(nanos: after, currency: $0))
          }
        }, ahead: try await SalesAhead.find(cutOff: scope.cutOff, in: tx))
    }
  }
}
