import Postgres

/// The moments at which a locked version of a product's shares is in force.
struct ShareSpan: Sendable {
  let version: Int
  /// The first version governs every earlier sale too.
  let startsAt: Timestamp
}

extension [ShareSpan] {
  /// Nil before the first, and when none is locked.
  func inForce(at time: Timestamp) -> ShareSpan? {
    last { $0.startsAt <= time }
  }
}

extension ShareSpan {
  /// The locked versions of products, ascending, as they stood at a moment; now when nil.
  static func all(of products: [ProductID], by time: Timestamp? = nil, in db: some Queryable)
    async throws -> [ProductID: [ShareSpan]]
  {
    let rows = try await db.all(
      """
      SELECT product_id, version, starts_at FROM share_versions
      WHERE product_id = ANY(\(products.map(\.uuid))) AND state = 'locked'
        AND (\(time)::timestamptz IS NULL OR locked_at <= \(time))
      ORDER BY product_id, version
      """, as: (UUID, Int32, Timestamp).self)
    return Dictionary(grouping: rows, by: { ProductID(uuid: $0.0) }).mapValues {
      $0.map { ShareSpan(version: Int($0.1), startsAt: $0.2) }
    }
  }
}
