import Ledger
import Postgres

/// Makes a member's statement of what was read.
struct ComposeStatement: Sendable {
  struct Credit: Sendable {
    let key: PoolParts.Key
    let ppb: Int64
    /// The pool less referrers' parts, in nanos.
    let before: Int64
    let after: Int64
  }

  struct Referral: Sendable {
    let key: PoolParts.Key
    let amount: Int64
  }

  struct Balance: Sendable {
    let currency: String
    let opening: Int64
    let credited: Int64
    let moved: Int64
    let closing: Int64
    let inFlight: Int64
    let closingBefore: Int64?
  }

  let facts: StatementFacts
  let member: MemberID
  let madeAt: Timestamp
  var credits: [Credit] = []
  var referrals: [Referral] = []
  var balances: [Balance] = []
  var movements: [(currency: String, movement: Statement.Movement)] = []

  var statement: Statement {
    Statement(
      member: member, period: facts.period.id, periodName: facts.period.name,
      through: facts.period.through, version: facts.version, format: facts.format, madeAt: madeAt,
      accounts: balances.compactMap { balance in
        Currency(balance.currency).map { account(balance, $0) }
      }.sorted { $0.currency < $1.currency })
  }

  private func account(_ balance: Balance, _ currency: Currency) -> Statement.Account {
    Statement.Account(
      currency: currency, opening: balance.opening, credited: balance.credited,
      moved: balance.moved, closing: balance.closing, inFlight: balance.inFlight,
      products: products(currency),
      movements: movements.filter { $0.currency == currency.code }.map(\.movement)
        .sorted { ($0.at, $0.cause, $0.kind.rawValue) < ($1.at, $1.cause, $1.kind.rawValue) },
      closingBefore: balance.closingBefore)
  }

  private func products(_ currency: Currency) -> [Statement.Product] {
    let credits = Dictionary(
      grouping: credits.filter { $0.key.currency == currency.code }, by: \.key.product)
    let referrals = Dictionary(
      grouping: referrals.filter { $0.key.currency == currency.code }, by: \.key.product)
    return Set(credits.keys).union(referrals.keys).sorted().map { product in
      Statement.Product(
        id: ProductID(uuid: product), name: facts.names[product] ?? "",
        lines: lines(credits[product] ?? [], referrals[product] ?? [], currency))
    }
  }

  private func lines(_ credits: [Credit], _ referrals: [Referral], _ currency: Currency)
    -> [StatementLine]
  {
    var lines: [StatementLine] = []
    var credited: Int64 = 0
    for credit in credits.sorted(by: { facts.order($0.key, $1.key) }) {
      credited += Due.of(pool: credit.after, ppb: credit.ppb)
      credited -= Due.of(pool: credit.before, ppb: credit.ppb)
      guard let parts = facts.parts[credit.key] else { continue }
      lines += parts.lines(
        of: SettlementID(uuid: credit.key.settlement), isNew: facts.isNew(credit.key.settlement),
        ppb: credit.ppb, currency: currency)
    }
    let rounding = credited - lines.reduce(0) { $0 + $1.amount }
    for referral in referrals.sorted(by: { facts.order($0.key, $1.key) }) {
      lines.append(
        StatementLine(
          kind: .referral, settlement: SettlementID(uuid: referral.key.settlement),
          isNew: facts.isNew(referral.key.settlement), amount: referral.amount,
          sentence: StatementSentence.referral))
    }
    if rounding != 0 {
      lines.append(
        StatementLine(
          kind: .rounding, settlement: nil, isNew: false, amount: rounding,
          sentence: StatementSentence.rounding))
    }
    return lines
  }
}
