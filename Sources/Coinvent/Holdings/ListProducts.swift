import Postgres

/// Products, the newest first.
public enum ListProducts {
  public struct Entry: Sendable {
    public let id: ProductID
    public let name: String
    public let state: Influence.State
    public let createdAt: Timestamp
  }

  public static func run(
    limit: Int = 20, after cursor: TimeCursor? = nil, in db: some Queryable
  ) async throws -> (products: [Entry], next: TimeCursor?) {
    let from = cursor ?? .start
    let rows = try await db.all(
      """
      SELECT p.id, p.name, p.created_at, (
        SELECT state FROM share_versions v
        WHERE v.product_id = p.id AND v.state <> 'superseded' ORDER BY version DESC LIMIT 1)
      FROM products p WHERE (p.created_at, p.id) < (\(from.time), \(from.id))
      ORDER BY p.created_at DESC, p.id DESC LIMIT \(limit + 1)
      """, as: (UUID, String, Timestamp, String?).self)
    let shown = rows.prefix(limit).map { id, name, createdAt, state in
      Entry(
        id: ProductID(uuid: id), name: name,
        state: state.flatMap(Influence.State.init) ?? .running, createdAt: createdAt)
    }
    let last = rows.count > limit ? shown.last : nil
    return (shown, last.map { TimeCursor(time: $0.createdAt, id: $0.id.uuid) })
  }
}
