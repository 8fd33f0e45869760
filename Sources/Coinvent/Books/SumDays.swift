import Postgres

/// Adds up what days that are over have moved, so that later questions need not.
///
/// A day is over when it ended a day ago and no transaction runs that began before its end: what is
/// posted carries the clock of its transaction, so that nothing can come after.
public enum SumDays {
  private static let lock: Int64 = 0x636f_696e_0012

  /// - Parameter again: forgets the sums that there are and makes all of them anew.
  /// - Returns: the last day that is summed now; nil when nothing was to be done.
  public static func run(again: Bool = false, in pool: Pool) async throws -> Day? {
    try await pool.transaction { tx in
      try await tx.execute("SET LOCAL statement_timeout = 0")
      guard try await tx.one("SELECT pg_try_advisory_xact_lock(\(lock))", as: Bool.self) else {
        return nil
      }
      if again {
        try await tx.execute("DELETE FROM book_days")
        try await tx.execute("DELETE FROM book_sums")
      }
      let (last, over) = try await tx.one(
        """
        SELECT (SELECT max(through) FROM book_sums),
          (least(clock_timestamp(), min(xact_start)) AT TIME ZONE 'UTC')::date - 2
        FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        """, as: (Day?, Day).self)
      if let last, last >= over { return nil }
      let from = last.map { $0.adding(days: 1) } ?? Day.never
      try await sum(from: from, through: over, in: tx)
      return over
    }
  }

  private static func sum(from: Day, through: Day, in tx: Transaction) async throws {
    let (start, end) = (from.start, through.adding(days: 1).start)
    try await tx.execute(
      """
      INSERT INTO book_days (day, kind, currency, moved)
      SELECT day, kind, currency, moved
      FROM (\(BookSums.moved(from: start, to: end))) AS day WHERE moved <> 0
      """)
    try await tx.execute("INSERT INTO book_sums (through) VALUES (\(through))")
  }
}
