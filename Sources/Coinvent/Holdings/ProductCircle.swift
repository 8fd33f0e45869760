import Postgres

/// Who belongs to a product: its inventor and everybody who holds influence in any version of its
/// shares. Staff of the community may read what they may.
public enum ProductCircle {
  public enum Outcome: Sendable {
    case belongs
    case stranger
    case unknownProduct
  }

  public static func of(
    _ product: ProductID, _ member: MemberID, role: Role, in db: some Queryable
  ) async throws -> Outcome {
    let row = try await db.first(
      """
      SELECT inventor_id = \(member.uuid) OR EXISTS (
        SELECT FROM share_totals t
        WHERE t.member_id = \(member.uuid) AND t.product_id = products.id)
      FROM products WHERE id = \(product.uuid)
      """, as: Bool.self)
    guard let isHolder = row else { return .unknownProduct }
    switch role {
    case .curator, .finance, .admin: return .belongs
    case .member: return isHolder ? .belongs : .stranger
    }
  }
}
