import Postgres

/// How work for many members is cut into steps, each one transaction. A member belongs to exactly
/// one of them, and about as many to each.
enum MemberSteps {
  /// Members in one step, about. Each reads all that there is of the settlement or the period: many
  /// members in a step are fewer reads, few are less to do again after a crash.
  private static let membersAtOnce: Int64 = 1_000_000

  /// How many there are at least, so that some can be under way at once.
  private static let least: Int64 = 2

  /// How many steps it takes, as an expression over how many members there are.
  static func number(for members: Query) -> Query {
    "greatest(\(least), (\(members)) / \(membersAtOnce) + 1)"
  }

  /// The condition that a column's member belongs to a step, counted from 0.
  static func has(_ column: StaticString, _ step: Int64, of all: Int64) -> Query {
    "(uuid_hash(\(unsafeSQL: "\(column)"))::bigint + 2147483648) % \(all) = \(step)"
  }
}
