import Ledger
import Postgres

/// One line of a statement: a part of what a product credited a member.
public struct StatementLine: Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// Sales and returns of one channel, territory, format and rate.
    case sales
    /// Held back against returns, or released.
    case reserve
    /// Kept for advances and costs.
    case recoupment
    case advance, guarantee
    /// What members who referred buyers have of the pool.
    case referrers
    /// The member's own part for buyers that came by the member's link.
    case referral
    /// Of a settlement from before lines were kept.
    case earlier
    /// What cutting each line to a whole nano leaves.
    case rounding
  }

  public let kind: Kind
  /// Nil: of rounding, which is of all of a product's lines.
  public let settlement: SettlementID?
  /// It came with this version of the statement.
  public let isNew: Bool
  public var channel = ""
  public var territory = ""
  public var format = ""
  public var ratePPM: Int64?
  public var units: Int64?
  /// In millionths of a nano.
  public var base: Int128?
  /// The product's pool part, in 10⁻¹² nano.
  public var pool: Int128?
  public var sharePPB: Int64?
  /// The first day of the period, when the line is of sales that came after their own period.
  public var soldBefore: Day?
  /// In nanos.
  public let amount: Int64
  /// The arithmetic, in words.
  public let sentence: String
}
