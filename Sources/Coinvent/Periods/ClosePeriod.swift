import Postgres

public enum ClosePeriodOutcome: Sendable {
  case repeated(Period)
  case closed(Period)
  case unknown
  /// Only what members were told can be closed.
  case notPublished(Period)
}

/// Ends a period.
public enum ClosePeriod {
  public static func run(
    _ name: String, reason: String = "Closed.", by: MemberID?, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> ClosePeriodOutcome {
    guard let period = try await Period.lock(name, in: tx) else { return .unknown }
    switch period.state {
    case .closed: return .repeated(period)
    case .open, .previewed, .approved: return .notPublished(period)
    case .published:
      let move = MovePeriod(what: .closed, reason: reason, by: by, now: now)
      return .closed(try await move.run(period, to: .closed, in: tx))
    }
  }
}
