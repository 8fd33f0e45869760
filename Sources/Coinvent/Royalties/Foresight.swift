import Postgres

/// How far ahead of the clock settlements look by themselves.
///
/// Clocks and time zones differ, so sales dated tomorrow count. A date further ahead is a typing
/// mistake more often than not, and it would be one for good: a cut-off never moves back, and
/// everything up to it would count at once, reserves and guarantees as of it.
public enum Foresight {
  /// The last day, in UTC, whose sales a settlement counts unless it is told more.
  public static func lastDay(at now: Timestamp) -> Day { now.day.adding(days: 1) }

  /// Whether somebody has to say that a day so late is meant.
  public static func isAhead(_ day: Day, at now: Timestamp) -> Bool { day > lastDay(at: now) }

  /// The first moment that is too far ahead.
  static func end(at now: Timestamp) -> Timestamp { lastDay(at: now).adding(days: 1).start }
}
