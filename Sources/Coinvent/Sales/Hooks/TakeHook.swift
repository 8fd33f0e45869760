import JSON
import Postgres

/// Takes what a shop sends: checks who signed it, and records its lines once.
public enum TakeHook {
  public enum Outcome: Sendable {
    /// The delivery was taken before.
    case repeated
    case taken([(line: SaleLine, outcome: SaleOutcome)])
    /// The source has no secret for this way of signing.
    case unknownSource
    case wrongSignature
  }

  /// For so many days a delivery is known again by its id; its lines are known for ever.
  private static let daysKept = 30

  /// - Throws: `JSONError` or `Invalid` for a body that is signed but not what the shop sends.
  public static func run(
    _ body: [UInt8], _ signature: HookSignature?, source: String, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Outcome {
    let known = try await HookSecrets.keys(of: source, in: tx)
    if known.isEmpty { return .unknownSource }
    guard let signature else {
      return isPing(body) && known.contains { $0.signer == .woocommerce }
        ? .taken([]) : .wrongSignature
    }
    let keys = known.filter { $0.signer == signature.signer }.map(\.key)
    guard signature.isGood(body, keys: keys, at: now) else { return .wrongSignature }
    let isNew = try await tx.execute(
      """
      INSERT INTO hook_deliveries (source, id, taken_at)
      VALUES (\(source), \(signature.id), \(now)) ON CONFLICT DO NOTHING
      """)
    if isNew == 0 { return .repeated }
    try await tx.execute(
      "DELETE FROM hook_deliveries WHERE taken_at < \(now - .seconds(86_400 * daysKept))")
    let json = try JSON.parse(body)
    let order = try HookOrder(
      json, from: signature.signer,
      discounts: signature.signer == .shopify
        ? try await discounts(ShopifyHook.sales(ofRefund: json), source, in: tx) : [:])
    let lines = order.isOff ? try await sold(order.lines, source, in: tx) : order.lines
    if lines.isEmpty { return .taken([]) }
    let outcomes = try await RecordSales.run(lines, source: source, at: now, in: tx)
    return .taken(zip(lines, outcomes).map { (line: $0.0, outcome: $0.1) })
  }

  /// What was taken off sales that are in the books or wait, by their keys.
  private static func discounts(_ sales: [String], _ source: String, in tx: Transaction)
    async throws -> [String: Int64]
  {
    if sales.isEmpty { return [:] }
    let rows = try await tx.all(
      """
      SELECT external_id, discount FROM sale_lines s
      WHERE source = \(source) AND external_id = ANY(\(sales)) AND \(Withdrawals.stands("s"))
      UNION ALL
      SELECT external_id, coalesce((line->>'discount')::numeric * 1000000000, 0)::bigint
      FROM suspense_lines WHERE source = \(source) AND external_id = ANY(\(sales))
      """, as: (String, Int64).self)
    return Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }

  /// WooCommerce asks whether somebody listens before it keeps a hook, and does not sign that.
  private static func isPing(_ body: [UInt8]) -> Bool {
    let name = Array("webhook_id=".utf8)
    return body.starts(with: name) && body.count <= 32
      && body.dropFirst(name.count).allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
      }
  }

  /// Those whose sale is in the books or waits.
  private static func sold(_ returns: [SaleLine], _ source: String, in tx: Transaction)
    async throws -> [SaleLine]
  {
    let ids = returns.compactMap(\.returnOf)
    let found: [String] = try await tx.all(
      """
      SELECT external_id FROM sale_lines s
      WHERE source = \(source) AND external_id = ANY(\(ids)) AND \(Withdrawals.stands("s"))
      UNION
      SELECT external_id FROM suspense_lines
      WHERE source = \(source) AND external_id = ANY(\(ids))
      """, as: String.self)
    return returns.filter { line in found.contains { $0 == line.returnOf } }
  }
}
