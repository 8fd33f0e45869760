import Postgres

/// The number of the sale line that arrived last, in any transaction, also one that was undone.
enum LastArrival {
  static func read(in tx: Transaction) async throws -> Int64 {
    try await tx.one(
      """
      SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END
      FROM sale_lines_arrival_seq
      """, as: Int64.self)
  }
}
