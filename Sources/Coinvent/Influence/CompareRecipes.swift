import Postgres

/// What two recipes make of the same events of a product.
public enum CompareRecipes {
  /// A holder's whole share under each; nil is the house.
  public struct Holding: Sendable, Equatable {
    public let member: MemberID?
    public let before: Int64
    public let after: Int64
  }

  /// By what they would gain, the most first; those who hold the same are left out. Nil for no
  /// such product.
  public static func run(
    _ product: ProductID, from before: Recipe, to after: Recipe, in db: some Queryable
  ) async throws -> [Holding]? {
    let known = try await db.first(
      "SELECT id FROM products WHERE id = \(product.uuid)", as: UUID.self)
    if known == nil { return nil }
    let old = ShareOut.shares(of: try await ReadClaims.run(of: product, by: before, in: db))
    let new = ShareOut.shares(of: try await ReadClaims.run(of: product, by: after, in: db))
    var holdings: [UUID: (before: Int64, after: Int64)] = [:]
    for share in old { holdings[share.member?.uuid ?? .zero, default: (0, 0)].before += share.ppb }
    for share in new { holdings[share.member?.uuid ?? .zero, default: (0, 0)].after += share.ppb }
    return holdings.filter { $0.value.before != $0.value.after }
      .sorted { a, b in
        (b.value.after - b.value.before, a.key) < (a.value.after - a.value.before, b.key)
      }
      .map { holder, value in
        Holding(
          member: holder == .zero ? nil : MemberID(uuid: holder), before: value.before,
          after: value.after)
      }
  }
}
