import Ledger
import Postgres

/// What became of a project.
public struct ProjectDecision: Sendable {
  public let project: Project
  public let adopted: Bool
  public let picks: [DecideProject.Pick]
  public let overrideReason: String?
  public let finalPrice: Amount?

  /// - Returns: nil for a project that is not decided.
  public static func find(_ id: ProjectID, of product: ProductID, in db: some Queryable)
    async throws -> ProjectDecision?
  {
    guard let project = try await Project.find(id, of: product, in: db) else { return nil }
    let found = try await db.first(
      """
      SELECT adopted, override_reason, final_price FROM project_decisions
      WHERE product_id = \(product.uuid) AND project_id = \(id.uuid)
      """, as: (Bool, String?, Int64?).self)
    guard let (adopted, overrideReason, price) = found else { return nil }
    let picks = try await db.all(
      """
      SELECT p.entry_id, p.weight FROM project_picks p
      JOIN project_entries e ON e.product_id = p.product_id AND e.id = p.entry_id
      WHERE p.product_id = \(product.uuid) AND p.project_id = \(id.uuid)
      ORDER BY p.weight DESC, e.number
      """, as: (UUID, Int64).self)
    var finalPrice: Amount?
    if let price, case .guesses(let rules) = try ChoosingRules(of: project).way {
      finalPrice = Amount(nanos: price, currency: rules.currency)
    }
    return ProjectDecision(
      project: project, adopted: adopted,
      picks: picks.map { DecideProject.Pick(entry: EntryID(uuid: $0), weight: $1) },
      overrideReason: overrideReason, finalPrice: finalPrice)
  }
}
