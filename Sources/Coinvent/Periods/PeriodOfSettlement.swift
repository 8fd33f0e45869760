import Postgres

/// Gives a settlement that needs no approval its period: the one in work, or an automatic one.
enum PeriodOfSettlement {
  private static let reason = "No approval is needed for it."

  /// - Parameter settlement: planned in the same transaction.
  static func attach(
    _ settlement: UUID, by: MemberID?, at now: Timestamp, in tx: Transaction
  ) async throws {
    let (period, state) = try await find(at: now, in: tx)
    try await tx.execute(
      "UPDATE settlements SET period_id = \(period.id.uuid) WHERE id = \(settlement)")
    _ = try await MovePeriod(
      what: .settled, reason: reason, by: by, now: now, settlement: settlement
    ).run(period, to: state, in: tx)
  }

  /// The period, and where the settlement leaves it.
  private static func find(at now: Timestamp, in tx: Transaction) async throws -> (
    Period, Period.State
  ) {
    try await OpenPeriod.lock(in: tx)
    if let period = try await Period.inWork(in: tx) {
      return (period, period.isAutomatic ? .approved : .open)
    }
    return (try await automatic(at: now, in: tx), .approved)
  }

  /// The automatic period of the month: an unpublished one, or another.
  private static func automatic(at now: Timestamp, in tx: Transaction) async throws -> Period {
    let month = String(now.day.description.prefix(7))
    let latest = try await Period.latest(in: tx)
    let isPublishing = try await tx.one(
      "SELECT EXISTS (SELECT FROM publications WHERE done_at IS NULL)", as: Bool.self)
    if let latest, latest.isAutomatic, latest.state == .approved, !isPublishing,
      latest.name == month || latest.name.hasPrefix(month + ".")
    {
      return latest
    }
    return try await another(at: now, in: tx)
  }

  /// Another automatic period of the month. Call it under `OpenPeriod.lock`.
  static func another(at now: Timestamp, in tx: Transaction) async throws -> Period {
    let month = String(now.day.description.prefix(7))
    let latest = try await Period.latest(in: tx)
    let taken = try await tx.all(
      "SELECT name FROM periods WHERE name = \(month) OR starts_with(name, \(month + "."))",
      as: String.self)
    var name = month
    var next = 2
    while taken.contains(name) {
      name = "\(month).\(next)"
      next += 1
    }
    let end = OpenPeriod.lastDay(of: month) ?? now.day
    return try await OpenPeriod.add(
      name, through: max(end, latest?.through ?? end), isAutomatic: true,
      "A settlement without a period.", by: nil, at: now, in: tx)
  }
}
