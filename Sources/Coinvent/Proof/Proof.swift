import Ledger
import Postgres

/// What a member takes away to show others, and checks without the database: the lines of
/// settlements and the steps of payouts, each with its way to a signed checkpoint.
public struct Proof: Sendable, Equatable {
  public let member: MemberID
  public let settlements: [Lines]
  public let payouts: [Step]

  /// The member's lines of one settlement, as a leaf of its tree.
  public struct Lines: Sendable, Equatable {
    let lines: MemberLines
    let salt: [UInt8]
    /// The leaf's place, from 0, and how many leaves the tree has.
    let index: Int
    let leaves: Int
    let path: [[UInt8]]
    /// When the tree was made.
    let moment: Timestamp
    let chain: Chained
  }

  /// A step of a payout that moved money for good.
  public struct Step: Sendable, Equatable {
    let step: ChainPayout
    let chain: Chained
  }

  /// Where an entry stands in the chain, and what follows it up to a checkpoint.
  struct Chained: Sendable, Equatable {
    let number: Int64
    let previous: [UInt8]
    /// Digests of the entries behind it.
    let following: [[UInt8]]
    /// The signed note.
    let checkpoint: String
    let key: PublicKey
  }
}
