import Ledger
import Postgres

/// What a version of a contract says, for the sentences of a statement.
struct ToldTerms: Sendable {
  struct Version: Hashable, Sendable {
    let product: UUID
    let version: Int32
  }

  let terms: ContractTerms
  /// Those that no earlier version names.
  let advances: [RecoupItem]

  /// Of products with terms; a version that cannot be read is left out, which `verify` says.
  static func read(_ products: [UUID], in db: some Queryable) async throws
    -> [Version: ToldTerms]
  {
    let extended = try await db.all(
      """
      SELECT DISTINCT product_id FROM contracts
      WHERE terms IS NOT NULL AND product_id = ANY(\(products))
      """, as: UUID.self)
    let contracts = try await ReadContracts.readable(of: extended.map(ProductID.init), in: db)
    var told: [Version: ToldTerms] = [:]
    for (product, versions) in contracts {
      let advances = versions.earliestItems.filter { $0.item.kind == .advance }
      for contract in versions {
        told[Version(product: product.uuid, version: Int32(contract.version))] = ToldTerms(
          terms: contract.terms,
          advances: advances.filter { $0.contract.version == contract.version }.map(\.item))
      }
    }
    return told
  }

  func basis(_ currency: Currency) -> LineSales.Basis {
    if terms.base == .list { return .list(Int128(terms.further.listPrices[currency] ?? 0)) }
    return terms.further.deductions == nil ? .prices : .deductions
  }

  /// Nanos a unit that the line's sales earn at least; 0: there is no minimum.
  func minimum(of line: PoolLine, _ currency: Currency) -> Int64 {
    rule(of: line)?.minimum(currency.code) ?? 0
  }

  /// Which step of its rule a line is on, such as “above 10 units”.
  func step(of line: PoolLine) -> String? {
    guard let rule = rule(of: line)?.rule, let measure = rule.measure,
      let first = rule.steps.first
    else { return nil }
    let found = rule.steps.filter { $0.ppm == line.ratePPM }
    guard found.count + (rule.ppm == line.ratePPM ? 1 : 0) == 1 else { return nil }
    let step = words((found.first ?? first).threshold, measure, rule.currency)
    let counter = rule.counter.map { " of “\($0)”" } ?? ""
    return switch measure {
    case .date: found.isEmpty ? "before \(step)" : "from \(step) on"
    default: (found.isEmpty ? "up to \(step)" : "above \(step)") + counter
    }
  }

  private func words(_ threshold: Int64, _ measure: RateRule.Measure, _ currency: Currency?)
    -> String
  {
    switch measure {
    case .units: "\(Decimals.text(Int128(threshold), scale: 0)) units"
    case .money:
      Decimals.text(Int128(threshold), scale: 9, least: currency?.minorUnits ?? 0)
    case .date: Timestamp(microseconds: threshold).day.description
    }
  }

  private func rule(of line: PoolLine) -> RuleInForce? {
    RuleInForce(
      of: SalePlace(channel: line.channel, territory: line.territory, format: line.format),
      in: terms)
  }
}

/// What became of a settlement's pool beyond sales, in words.
struct TermsWords {
  let words: StatementSentence
  let currency: Currency
  /// Nil: it is told in an earlier form, or the contract cannot be read.
  let told: ToldTerms?

  func heldBack(_ held: Int64, _ rate: String) -> String {
    if held < 0 { return "no longer held back, since sales came back" }
    guard let reserve = told?.terms.further.reserve else {
      return "of the pool, \(rate) % held back against returns"
    }
    let name = reserve.period == .halfYear ? "half-year" : reserve.period.rawValue
    let time =
      switch reserve.held {
      case 0: "to the end of the \(name)"
      case 1: "for one \(name) after that of the sale"
      default: "for \(reserve.held) \(name)s after that of the sale"
      }
    return "of the pool, \(rate) % held back against returns \(time)"
  }

  var paidAhead: String {
    "paid ahead into the pool"
      + names((told?.advances ?? []).filter { $0.amount.currency == currency }.map(\.name))
  }

  var addedUp: String {
    let all = (told?.terms.further.guarantees ?? []).filter { $0.amount.currency == currency }
    guard let first = all.first, all.count == 1 else {
      return "added up to the guaranteed minimum" + names(all.map(\.name))
    }
    let months = first.from == first.until ? "\(first.from)" : "\(first.from) to \(first.until)"
    return "added up to the \(words.money(Int128(first.amount.nanos))) that “\(first.name)” "
      + "guarantees for \(months)"
  }

  private func names(_ names: [String]) -> String {
    names.isEmpty ? "" : " (\(StatementSentence.quoted(names)))"
  }
}
