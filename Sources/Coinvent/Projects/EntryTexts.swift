import Postgres

/// Texts that are entered once in a project: a name is nobody's second time.
enum EntryTexts {
  /// A text of the entry that stands at `place` in a batch.
  typealias Claim = (place: Int, field: String, folded: String)

  private static let fold: Query =
    "sha256(convert_to(lower(normalize(folded, NFKC) COLLATE \"C\"), 'UTF8'))"

  /// The first text that another entry has already, or one before it in the same batch.
  /// - Precondition: the project is held.
  /// - Parameter entry: whose own texts do not count.
  static func taken(
    _ claims: [Claim], in project: Project, except entry: EntryID? = nil, _ tx: Transaction
  ) async throws -> (place: Int, field: String)? {
    if claims.isEmpty { return nil }
    let found = try await tx.first(
      """
      WITH claims AS (
        SELECT place, field, \(fold) AS folded
        FROM unnest(\(claims.map { Int64($0.place) })::bigint[], \(claims.map(\.field))::text[],
                    \(claims.map(\.folded))::text[]) AS c (place, field, folded)),
      counted AS (
        SELECT *, row_number() OVER (PARTITION BY field, folded ORDER BY place) AS time FROM claims)
      SELECT c.place, c.field FROM counted c
      WHERE c.time > 1 OR EXISTS (
        SELECT FROM entry_texts t
        WHERE t.product_id = \(project.product.uuid) AND t.project_id = \(project.id.uuid)
          AND t.field = c.field AND t.folded = c.folded
          AND t.entry_id IS DISTINCT FROM \(entry?.uuid))
      ORDER BY c.place LIMIT 1
      """, as: (Int64, String).self)
    return found.map { (Int($0.0), $0.1) }
  }

  /// - Parameter entries: by the places of the claims.
  static func take(
    _ claims: [Claim], of entries: [EntryID], in project: Project, _ tx: Transaction
  ) async throws {
    if claims.isEmpty { return }
    try await tx.execute(
      """
      INSERT INTO entry_texts (product_id, project_id, field, folded, entry_id)
      SELECT \(project.product.uuid), \(project.id.uuid), field, \(fold), entry
      FROM unnest(\(claims.map(\.field))::text[], \(claims.map(\.folded))::text[],
                  \(claims.map { entries[$0.place].uuid })::uuid[]) AS c (field, folded, entry)
      """)
  }

  /// Others may enter them again.
  static func free(_ entries: [UUID], of product: ProductID, in tx: Transaction) async throws {
    if entries.isEmpty { return }
    try await tx.execute(
      """
      DELETE FROM entry_texts
      WHERE product_id = \(product.uuid) AND entry_id = ANY(\(entries))
      """)
  }
}
