import Postgres

extension Period {
  /// The day after the period before; nil for the first one. What was sold earlier comes late.
  func firstDay(in db: some Queryable) async throws -> Day? {
    try await db.first(
      "SELECT through FROM periods WHERE number < \(Int32(number)) ORDER BY number DESC LIMIT 1",
      as: Day.self
    ).map { $0.adding(days: 1) }
  }
}
