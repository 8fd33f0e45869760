import Ledger
import Postgres

/// A member who leaves: what is asked, what was answered, and when it is done.
public struct Erasure: Sendable {
  /// How long a member can come back, by signing in.
  public static let grace = Duration.seconds(14 * 86_400)

  public let askedAt: Timestamp
  public let dueAt: Timestamp
  /// What is payable, and what the shares earn later, goes to the house.
  public let gives: Bool
  public let erasedAt: Timestamp?

  /// What a member who leaves has to decide about.
  public struct Money: Sendable {
    public let payable: [Amount]
    public let holdsShares: Bool
    /// On its way: nobody leaves before it has arrived or come back.
    public let openPayouts: Int
    /// Fees that come back when ideas that wait are withdrawn.
    public let holdsFees: Bool

    public var needsChoice: Bool { holdsShares || holdsFees || !payable.isEmpty }
  }

  public enum Outcome: Sendable {
    /// It is done then, or was done already.
    case asked(Erasure)
    case erased(Erasure)
    /// Money is payable or shares go on earning, and it was not said that it is given away.
    case moneyWaits(Money)
    case payoutOpen(Money)
  }

  /// What goes and what stays, in the words of the list that it is made of.
  public static var goes: [String] {
    MemberTable.all.compactMap { if case .deleted = $0.erasure { $0.name } else { nil } }
  }

  public static var changes: [(name: String, how: String)] {
    MemberTable.all.compactMap {
      if case .changed(let how) = $0.erasure { ($0.name, how) } else { nil }
    }
  }

  public static var stays: [(name: String, why: String)] {
    MemberTable.all.compactMap {
      if case .stays(let why) = $0.erasure { ($0.name, why) } else { nil }
    }
  }

  public static func of(_ member: MemberID, in db: some Queryable) async throws -> Erasure? {
    let row = try await db.first(
      "SELECT asked_at, due_at, gives, erased_at FROM erasures WHERE member_id = \(member.uuid)",
      as: (Timestamp, Timestamp, Bool, Timestamp?).self)
    return row.map { Erasure(askedAt: $0, dueAt: $1, gives: $2, erasedAt: $3) }
  }

  public static func money(of member: MemberID, in db: some Queryable) async throws -> Money {
    let payable = try await Balances.of(owner: member.uuid, in: db)[.memberPayable] ?? [:]
    let (shares, open, fees) = try await db.one(
      """
      SELECT EXISTS (SELECT 1 FROM share_totals WHERE member_id = \(member.uuid)),
             (SELECT count(*) FROM payouts WHERE member_id = \(member.uuid) AND open),
             EXISTS (SELECT 1 FROM idea_fees f JOIN ideas i ON i.id = f.idea_id
                     WHERE f.member_id = \(member.uuid) AND f.state = 'held'
                       AND i.state IN ('draft', 'submitted'))
      """, as: (Bool, Int64, Bool).self)
    return Money(
      payable: payable.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        .map { Amount(nanos: $0.value, currency: $0.key) },
      holdsShares: shares, openPayouts: Int(open), holdsFees: fees)
  }
}
