import JSON
import Postgres

/// Sales that are recorded and wait, because they are dated further ahead than settlements look.
public struct SalesAhead: Sendable, Equatable {
  /// The last day that was looked at.
  public let after: Day
  public let lines: Int64
  /// When the first of them was sold, as it is recorded.
  public let first: Day

  /// - Parameter cutOff: before which sales count; nil for whatever was counted already.
  /// - Returns: nil when there are none.
  public static func find(cutOff: Timestamp? = nil, in db: some Queryable) async throws
    -> SalesAhead?
  {
    let (now, counted) = try await db.one(
      """
      SELECT clock_timestamp(), greatest((SELECT cut_off FROM lifetime_marker),
        (SELECT max(cut_off) FROM settlements))
      """, as: (Timestamp, Timestamp?).self)
    let ahead = Foresight.end(at: now)
    let end = max(ahead, cutOff ?? ahead, counted ?? ahead)
    let (lines, first) = try await db.one(
      """
      SELECT count(*), min(sold_at) FROM sale_lines s
      WHERE sold_at >= \(end) AND \(Withdrawals.stands("s"))
      """, as: (Int64, Timestamp?).self)
    return first.map {
      SalesAhead(after: (end - .microseconds(1)).day, lines: lines, first: $0.day)
    }
  }

  public var sentence: String {
    lines == 1
      ? "1 sale line is dated after \(after), \(first); it waits."
      : "\(lines) sale lines are dated after \(after), the first \(first); they wait."
  }

  public var json: JSON {
    ["lines": .int(lines), "after": .string("\(after)"), "first": .string("\(first)")]
  }
}
