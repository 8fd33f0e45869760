import Postgres

/// Products, the newest first.
public struct ListedProduct: Sendable, RowDecodable {
  public let id: ProductID
  public let name: String
  public let inventor: MemberID
  public let stage: Stage
  public let createdAt: Timestamp

  public init(row: inout RowReader) throws {
    id = ProductID(uuid: try row.next())
    name = try row.next()
    inventor = MemberID(uuid: try row.next())
    stage = try row.named()
    createdAt = try row.next()
  }

  /// A fan-out over works, by index.
  /// - Parameter stage: only products in it.
  public static func all(
    stage: Stage? = nil, limit: Int, after cursor: TimeCursor? = nil, in db: some Queryable
  ) async throws -> (products: [ListedProduct], next: TimeCursor?) {
    let from = cursor ?? .start
    let only: Query = if let stage { "stage = \(stage.rawValue) AND" } else { "" }
    let found = try await db.all(
      """
      SELECT id, name, inventor_id, stage, created_at FROM products
      WHERE \(only) (created_at, id) < (\(from.time), \(from.id))
      ORDER BY created_at DESC, id DESC LIMIT \(limit + 1)
      """, of: ListedProduct.self)
    let shown = Array(found.prefix(limit))
    let last = found.count > limit ? shown.last : nil
    return (shown, last.map { TimeCursor(time: $0.createdAt, id: $0.id.uuid) })
  }
}
