import Postgres

public enum OpenPeriodOutcome: Sendable, Equatable {
  /// It is there already, for the same days.
  case repeated(Period)
  case opened(Period)
  /// The name is another's.
  case nameTaken(Period)
  /// Periods follow one another: it has to end after the latest one.
  case notAfter(Period)
  /// It ends more than a year from now, and nobody said that this is meant.
  case farAhead
}

/// Opens a period after all others.
public enum OpenPeriod {
  /// What is wrong with a name; nil for a good one.
  public static func fault(name: String) -> String? {
    let rest = name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46
    }
    guard let first = name.utf8.first, first != 45, first != 46, rest, name.utf8.count <= 32 else {
      return "must be 1 to 32 of a-z, 0-9, - and ., such as 2026-10"
    }
    // Addresses of statements end with these.
    if [".json", ".csv", ".html"].contains(where: name.hasSuffix) {
      return "must not end with .json, .csv or .html"
    }
    return nil
  }

  /// The last day of the month that a name such as `2026-10` says; nil for other names.
  public static func lastDay(of name: String) -> Day? {
    guard name.utf8.count == 7, let first = Day(name + "-01") else { return nil }
    let (year, month, _) = first.parts
    let next =
      month == 12
      ? Day(year: year + 1, month: 1, day: 1)
      : Day(year: year, month: month + 1, day: 1)
    return next?.adding(days: -1)
  }

  /// - Parameters:
  ///   - name: without fault.
  ///   - ahead: whether it may end more than a year from now: none can end before it afterwards.
  public static func run(
    _ name: String, through: Day, by: MemberID?, ahead: Bool = true, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> OpenPeriodOutcome {
    try await lock(in: tx)
    if let known = try await Period.find(name, in: tx) {
      return known.through == through && !known.isAutomatic ? .repeated(known) : .nameTaken(known)
    }
    if let latest = try await Period.latest(in: tx), latest.through >= through {
      return .notAfter(latest)
    }
    if !ahead && through > now.day.adding(days: 366) { return .farAhead }
    return .opened(
      try await add(name, through: through, isAutomatic: false, "opened", by: by, at: now, in: tx))
  }

  /// Nobody opens another one meanwhile.
  static func lock(in tx: Transaction) async throws {
    try await tx.execute("LOCK TABLE periods IN SHARE ROW EXCLUSIVE MODE")
  }

  /// - Parameter name: free.
  static func add(
    _ name: String, through: Day, isAutomatic: Bool, _ reason: String, by: MemberID?,
    at now: Timestamp, in tx: Transaction
  ) async throws -> Period {
    let period = try await tx.one(
      """
      INSERT INTO periods (id, number, name, through, automatic, state, step)
      SELECT \(UUID.v7(now: now)), coalesce(max(number), 0) + 1, \(name), \(through),
        \(isAutomatic), 'open', 1
      FROM periods RETURNING \(Period.columns)
      """, of: Period.self)
    try await tx.execute(
      """
      INSERT INTO period_events (period_id, number, what, new_state, reason, changed_by, changed_at)
      VALUES (\(period.id.uuid), 1, 'opened', 'open', \(reason), \(by?.uuid), \(now))
      """)
    return period
  }
}
