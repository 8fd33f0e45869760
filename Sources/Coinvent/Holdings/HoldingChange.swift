import Postgres

/// Something that happened to what members hold of a product, after it was earned. Never changed.
struct HoldingChange: Sendable, Equatable {
  enum Kind: String, Sendable {
    /// From then on the claims of one count as the other's.
    case merge
    /// They are their own again.
    case unmerge
    /// A part of what one holds goes to another.
    case assignment
    /// All that one holds goes to the house.
    case leave
  }

  let kind: Kind
  let from: MemberID
  /// Nil is the house.
  let to: MemberID?
  /// Of what the giver holds when it arrives.
  let ppm: Int64

  init(_ kind: Kind, from: MemberID, to: MemberID?, ppm: Int64 = HoldingChange.all) {
    self.kind = kind
    self.from = from
    self.to = to
    self.ppm = ppm
  }

  static let all: Int64 = 1_000_000
}
