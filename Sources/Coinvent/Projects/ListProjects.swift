import Postgres

/// Lists projects, the last to open first.
public enum ListProjects {
  public typealias Page = (projects: [Project], next: TimeCursor?)

  /// - Parameters:
  ///   - state: only those in it.
  ///   - drafts: whether drafts are shown, which are for curators.
  public static func of(
    _ product: ProductID, state: Project.State? = nil, drafts: Bool, limit: Int,
    after cursor: TimeCursor? = nil, in db: some Queryable
  ) async throws -> Page {
    let from = cursor ?? .start
    return page(
      try await db.all(
        """
        SELECT \(Project.columns) FROM projects
        WHERE product_id = \(product.uuid) AND (\(drafts) OR state <> 'draft')
          AND (\(state?.rawValue)::text IS NULL OR state = \(state?.rawValue))
          AND (opens_at, id) < (\(from.time), \(from.id))
        ORDER BY opens_at DESC, id DESC LIMIT \(limit + 1)
        """, of: Project.self), limit)
  }

  /// Of all products: a fan-out over works, by index. Open ones whose time is over and that no
  /// worker has closed yet are left out.
  public static func all(
    state: Project.State, at now: Timestamp = .now, limit: Int,
    after cursor: TimeCursor? = nil, in db: some Queryable
  ) async throws -> Page {
    let from = cursor ?? .start
    return page(
      try await db.all(
        """
        SELECT \(Project.columns) FROM projects
        WHERE state = \(state.rawValue) AND (state <> 'open' OR closes_at > \(now))
          AND (opens_at, id) < (\(from.time), \(from.id))
        ORDER BY opens_at DESC, id DESC LIMIT \(limit + 1)
        """, of: Project.self), limit)
  }

  private static func page(_ found: [Project], _ limit: Int) -> Page {
    let shown = Array(found.prefix(limit))
    let last = found.count > limit ? shown.last : nil
    return (shown, last.map { TimeCursor(time: $0.opensAt, id: $0.id.uuid) })
  }
}
