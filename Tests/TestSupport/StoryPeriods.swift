import Coinvent
import Ledger
import Postgres

extension Story {
  @discardableResult
  public func openPeriod(_ name: String, by: MemberID? = nil) async throws -> OpenPeriodOutcome {
    guard let through = OpenPeriod.lastDay(of: name) else { throw Surprise("\(name) is no month") }
    return try await pool.transaction { tx in
      try await OpenPeriod.run(name, through: through, by: by, in: tx)
    }
  }

  @discardableResult
  public func previewPeriod(
    _ name: String, limits: ApprovalLimits = .none, by: MemberID? = nil
  ) async throws -> PreviewPeriodOutcome {
    try await PreviewPeriod.run(name, limits: limits, by: by, pool: pool)
  }

  @discardableResult
  public func approvePeriod(_ name: String, preview: SettlementID? = nil, by: MemberID? = nil)
    async throws -> ApprovePeriodOutcome
  {
    try await ApprovePeriod.run(name, preview: preview, by: by, pool: pool)
  }

  @discardableResult
  public func reopenPeriod(_ name: String) async throws -> ReopenPeriodOutcome {
    try await ReopenPeriod.run(name, reason: "A report was late.", by: nil, pool: pool)
  }

  /// The state of a period, and everything that happened to it.
  public func life(_ name: String) async throws -> [String] {
    guard let period = try await Period.find(name, in: pool) else { return [] }
    let events = try await PeriodEvent.all(of: period.id, in: pool)
    return events.map { "\($0.what.rawValue) \($0.state.rawValue)" }
  }
}

extension Story {
  public func members(_ count: Int) async throws -> [MemberID] {
    var members: [MemberID] = []
    for number in 1...count { members.append(try await member("member\(number)")) }
    return members
  }

  /// Opens a month, previews, approves and publishes it.
  public func period(_ name: String) async throws {
    try await openPeriod(name)
    try await previewPeriod(name)
    try await approvePeriod(name)
    try await publishPeriod(name)
  }

  @discardableResult
  public func publishPeriod(_ name: String) async throws -> PublishPeriodOutcome {
    let outcome = try await PublishPeriod.run(name, by: nil, pool: pool)
    _ = try await SealStatements.run(in: pool)
    return outcome
  }

  @discardableResult
  public func closePeriod(_ name: String) async throws -> ClosePeriodOutcome {
    try await pool.transaction { try await ClosePeriod.run(name, by: nil, in: $0) }
  }

  public func statement(_ member: MemberID, _ name: String, version: Int? = nil) async throws
    -> Statement?
  {
    guard let period = try await Period.find(name, in: pool) else { return nil }
    return try await FindStatement.run(of: member, period: period, version: version, in: pool)
  }
}
