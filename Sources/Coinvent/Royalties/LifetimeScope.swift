import Postgres

extension LifetimePools {
  /// What a plan has seen: lines up to an arrival, sold before a moment, under the rules of
  /// another.
  struct Scope: Equatable {
    let horizon: Int64
    let cutOff: Timestamp
    let plannedAt: Timestamp

    /// As far as the stored sums have counted; nil before the first plan.
    static func counted(in db: some Queryable) async throws -> Scope? {
      try await db.first(
        "SELECT horizon, cut_off, planned_at FROM lifetime_marker",
        as: (Int64, Timestamp, Timestamp).self
      ).map { Scope(horizon: $0.0, cutOff: $0.1, plannedAt: $0.2) }
    }

    /// Fixes what counts. Call it inside the closed gate, or for a preview.
    ///
    /// Neither moment ever moves back, not even when the clock does.
    /// - Parameter through: the last day whose sales count; nil for everything recorded that is
    ///   not dated further ahead than `Foresight` looks
    static func next(through: Day?, after counted: Scope?, in tx: Transaction) async throws
      -> Scope
    {
      let horizon = try await LastArrival.read(in: tx)
      let (now, before) = try await tx.one(
        "SELECT clock_timestamp(), (SELECT max(cut_off) FROM settlements)",
        as: (Timestamp, Timestamp?).self)
      let moment = max(now, counted.map { $0.plannedAt + .microseconds(1) } ?? now)
      let asked: Timestamp
      if let through {
        asked = through.adding(days: 1).start
      } else {
        let last = try await lastSale(
          horizon, counted, before: Foresight.end(at: now), in: tx)
        asked = max(now, last.map { $0 + .microseconds(1) } ?? now)
      }
      let floor = max(counted?.cutOff ?? asked, before ?? asked)
      return Scope(horizon: horizon, cutOff: max(asked, floor), plannedAt: moment)
    }

    /// When the last line was sold, as far as it is not counted yet; lines may be dated ahead.
    /// - Parameter end: one dated so late moves nothing: it would do so for good.
    private static func lastSale(
      _ horizon: Int64, _ counted: Scope?, before end: Timestamp, in tx: Transaction
    ) async throws -> Timestamp? {
      guard let counted else {
        return try await tx.one(
          "SELECT max(sold_at) FROM sale_lines WHERE arrival <= \(horizon) AND sold_at < \(end)",
          as: Timestamp?.self)
      }
      return try await tx.one(
        """
        SELECT max(sold_at) FROM sale_lines
        WHERE arrival <= \(horizon) AND sold_at < \(end)
          AND (arrival > \(counted.horizon) OR sold_at >= \(counted.cutOff))
        """, as: Timestamp?.self)
    }

    /// Says that the stored sums have counted this.
    func store(in tx: Transaction) async throws {
      try await tx.execute(
        """
        INSERT INTO lifetime_marker (horizon, cut_off, planned_at)
        VALUES (\(horizon), \(cutOff), \(plannedAt))
        ON CONFLICT (only_one) DO UPDATE SET horizon = excluded.horizon,
          cut_off = excluded.cut_off, planned_at = excluded.planned_at
        """)
    }
  }
}
