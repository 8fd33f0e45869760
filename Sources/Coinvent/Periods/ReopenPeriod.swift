import Postgres

public enum ReopenPeriodOutcome: Sendable {
  /// It is open already.
  case repeated(Period)
  case reopened(Period)
  case unknown
  /// Work in a later period has begun; late sales belong to that.
  case laterBegan(Period)
  /// Its settlement or its statements are not finished; they are to be finished first.
  case unfinished(Period)
  case busy
}

/// Takes a period back to open, so that another settlement can belong to it. What was posted and
/// told stays as it is; statements get another version.
public enum ReopenPeriod {
  public static func run(
    _ name: String, reason: String, by: MemberID?, at now: Timestamp = .now, pool: Pool
  ) async throws -> ReopenPeriodOutcome {
    try await SettlementLock.run(pool) { session in
      try await session.transaction { tx in
        try await OpenPeriod.lock(in: tx)
        guard let period = try await Period.lock(name, in: tx) else { return .unknown }
        if period.state == .open || period.state == .previewed { return .repeated(period) }
        if let later = try await period.begunAfter(in: tx) { return .laterBegan(later) }
        let isUnfinished = try await tx.one(
          """
          SELECT EXISTS (SELECT FROM settlements WHERE state <> 'done')
            OR EXISTS (SELECT FROM publications
                       WHERE period_id = \(period.id.uuid) AND done_at IS NULL)
          """, as: Bool.self)
        if isUnfinished { return .unfinished(period) }
        let move = MovePeriod(what: .reopened, reason: reason, by: by, now: now)
        return .reopened(try await move.run(period, to: .open, in: tx))
      }
    } ?? .busy
  }
}
