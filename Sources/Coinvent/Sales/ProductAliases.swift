import Postgres

/// Which product a source means by its own number or title.
public enum ProductAliases {
  public struct Alias: Sendable, Equatable {
    public let source: String
    public let sku: String
    public let product: ProductID
    public let addedAt: Timestamp
  }

  public enum Outcome: Sendable, Equatable {
    case repeated, added
    /// The source means another product by it.
    case taken(ProductID)
    case unknownProduct
  }

  public static func add(
    _ sku: String, of source: String, product: ProductID, by member: MemberID?, in tx: Transaction
  ) async throws -> Outcome {
    let known = try await tx.one(
      "SELECT EXISTS (SELECT FROM products WHERE id = \(product.uuid))", as: Bool.self)
    guard known else { return .unknownProduct }
    let added = try await tx.execute(
      """
      INSERT INTO product_aliases (source, sku, product_id, added_by, added_at)
      VALUES (\(source), \(sku), \(product.uuid), \(member?.uuid), now())
      ON CONFLICT DO NOTHING
      """)
    if added == 1 { return .added }
    let there = try await tx.one(
      "SELECT product_id FROM product_aliases WHERE source = \(source) AND sku = \(sku)",
      as: UUID.self)
    return there == product.uuid ? .repeated : .taken(ProductID(uuid: there))
  }

  public static func list(of source: String?, in db: some Queryable) async throws -> [Alias] {
    let filter: Query = source.map { "WHERE source = \($0)" } ?? ""
    let rows = try await db.all(
      """
      SELECT source, sku, product_id, added_at FROM product_aliases \(filter)
      ORDER BY source, sku LIMIT 10000
      """, as: (String, String, UUID, Timestamp).self)
    return rows.map {
      Alias(source: $0.0, sku: $0.1, product: ProductID(uuid: $0.2), addedAt: $0.3)
    }
  }

  /// The lines, those with a name that the source uses for a product now with its id.
  static func resolve(_ lines: [SaleLine], of source: String, in tx: Transaction) async throws
    -> [SaleLine]
  {
    let names = Set(lines.lazy.filter { $0.productID == nil }.map(\.product))
    if names.isEmpty { return lines }
    let rows = try await tx.all(
      """
      SELECT sku, product_id FROM product_aliases
      WHERE source = \(source) AND sku = ANY(\(Array(names)))
      """, as: (String, UUID).self)
    let products = Dictionary(uniqueKeysWithValues: rows)
    return lines.map { line in
      guard line.productID == nil, let id = products[line.product] else { return line }
      return line.of(ProductID(uuid: id))
    }
  }

  /// Why this is no name of a source for a product; nil when it is.
  public static func fault(sku: String) -> String? {
    (1...128).contains(sku.count) ? nil : "must have 1 to 128 characters"
  }
}
