import Ledger
import Postgres

/// Everything a member was credited, and where each part of it went.
public struct Trace: Sendable {
  /// A part of one credit that one taking took.
  public struct Part: Sendable {
    public let credit: TracedCredit
    public let taking: Taking
    /// In nanos.
    public let amount: Int64
  }

  public let member: MemberID
  public let credits: [TracedCredit]
  public let parts: [Part]

  /// Reads it all in the caller's transaction; let that be repeatable-read for one moment's view.
  public static func of(_ member: MemberID, in db: some Queryable) async throws -> Trace {
    let credits = try await TracedCredit.all(of: member, in: db)
    let takings = try await Taking.all(of: member, in: db)
    var parts: [Part] = []
    for currency in Set(credits.map(\.currency)).sorted() {
      parts += match(
        credits.filter { $0.currency == currency }, takings.filter { $0.currency == currency })
    }
    return Trace(member: member, credits: credits, parts: parts)
  }

  private static func match(_ credits: [TracedCredit], _ takings: [Taking]) -> [Part] {
    let back = credits.filter { $0.amount < 0 }.map {
      Taking(
        kind: .returned, payout: nil, currency: $0.currency, amount: -$0.amount, at: $0.settledAt)
    }
    let incoming = credits.filter { $0.amount > 0 }
    // A settlement takes back before anything that is credited after it is paid out.
    let outgoing = (back + takings).enumerated().sorted {
      ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
    }.map(\.element)
    return MoneyFlow.match(credits: incoming.map(\.amount), takings: outgoing.map(\.amount)).map {
      Part(credit: incoming[$0.credit], taking: outgoing[$0.taking], amount: $0.amount)
    }
  }

  /// What a payout was made of.
  public func parts(of payout: PayoutID) -> [Part] {
    parts.filter { $0.taking.payout == payout }
  }

  /// Where a credit went; what is missing to its amount is in the balance.
  public func parts(of credit: TracedCredit) -> [Part] {
    parts.filter { $0.credit.isSame(as: credit) }
  }
}

extension TracedCredit {
  func isSame(as other: TracedCredit) -> Bool {
    settlement == other.settlement && product == other.product
      && contractVersion == other.contractVersion && shareVersion == other.shareVersion
      && currency == other.currency && isReferral == other.isReferral
  }
}
