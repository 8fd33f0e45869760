import JSON
import Ledger
import Postgres

/// A contract version as a recount reads it: straight from what is stored, and not by the code
/// that settles.
struct RecountedContract {
  struct Rule {
    let channel: String?
    let territory: String?
    let format: String?
    let rate: Int64
    /// nil without steps.
    let by: String?
    let currency: String?
    /// Where each step begins (units, millionths of a nano, or microseconds of time), ascending.
    let steps: [(above: Int128, rate: Int64)]
    /// What its lines count into; nil for nothing.
    let counter: String?
    let minimum: [String: Int64]
  }

  /// An advance or a cost that is got back out of what sales earn.
  struct Item {
    let name: String
    let isAdvance: Bool
    let amount: Int64
    let currency: String
    let order: Int64
    let part: Int64
  }

  struct Guarantee {
    let name: String
    let amount: Int64
    let currency: String
    let months: ClosedRange<Int>
  }

  struct Reserve {
    let ppm: Int64
    let monthsInPeriod: Int
    let held: Int
  }

  let version: Int32
  /// Microseconds; `.min` for the first.
  let starts: Int64
  let base: String
  let referral: Int64
  /// Whether it has nothing but a base, rates and referrers' part.
  let isPlain: Bool
  var rates: [String: Int64] = [:]
  var rules: [Rule] = []
  var listPrices: [String: Int64] = [:]
  var deductions: [(name: String, cap: Int64?)]?
  var deductionsCap: Int64?
  var openings: [(counter: String, currency: String?, start: Int128)] = []
  var items: [Item] = []
  var guarantees: [Guarantee] = []
  var reserve: Reserve?
  var collateral: String?

  init(
    version: Int32, starts: Int64, base: String, referral: Int64, rates: [String: Int64],
    terms: JSON?
  ) throws {
    self.version = version
    self.starts = starts
    self.base = base
    self.referral = referral
    isPlain = terms == nil
    self.rates = rates
    guard let terms else { return }
    rules = try list(terms, "rules").map(readRule)
    for (currency, price) in terms["list_prices"]?.object?.members ?? [] {
      listPrices[currency] = try nanos(price)
    }
    deductions = terms["deductions"]?.array?.map { ($0["name"]?.string ?? "", $0["cap_ppm"]?.int) }
    deductionsCap = terms["deductions_cap_ppm"]?.int
    openings = try list(terms, "opening").map { opening in
      let counter = opening["counter"]?.string ?? ""
      if let units = opening["units"] { return (counter, nil, Int128(whole(units))) }
      return (counter, opening["currency"]?.string, Int128(try nanos(opening["money"])) * 1_000_000)
    }
    let advances = try list(terms, "advances").enumerated().map {
      try readItem($0.element, at: $0.offset + 1, isAdvance: true)
    }
    items =
      try advances
      + list(terms, "costs").enumerated().map {
        try readItem($0.element, at: advances.count + $0.offset + 1, isAdvance: false)
      }
    guarantees = try list(terms, "guarantees").map { json in
      Guarantee(
        name: json["name"]?.string ?? "", amount: try nanos(json["amount"]),
        currency: json["currency"]?.string ?? "", months: month(json["from"])...month(json["until"])
      )
    }
    reserve = terms["reserve"].flatMap { json in
      if json.isNull { return nil }
      let months = ["month": 1, "quarter": 3, "half_year": 6, "year": 12]
      return Reserve(
        ppm: json["ppm"]?.int ?? 0, monthsInPeriod: months[json["period"]?.string ?? ""] ?? 1,
        held: Int(json["held"]?.int ?? 0))
    }
    collateral = terms["collateral"]?.string
  }

  /// The rule of a line; a rate by channel alone is a rule without steps.
  func rule(channel: String, territory: String, format: String) -> Rule? {
    var best: (score: Int, rule: Rule)?
    for rule in rules {
      if let wanted = rule.channel, wanted != channel { continue }
      if let wanted = rule.territory, wanted != territory { continue }
      if let wanted = rule.format, wanted != format { continue }
      let (a, b, c) = (
        rule.channel == nil ? 0 : 1, rule.territory == nil ? 0 : 1, rule.format == nil ? 0 : 1
      )
      let score = (a + b + c) * 8 + a * 4 + b * 2 + c
      if score > best?.score ?? 0 { best = (score, rule) }
    }
    if let best { return best.rule }
    return rates[channel].map {
      Rule(
        channel: channel, territory: nil, format: nil, rate: $0, by: nil, currency: nil, steps: [],
        counter: nil, minimum: [:])
    }
  }
}

/// Months since the year zero.
func recountedMonth(of day: Day) -> Int {
  let (year, month, _) = day.parts
  return year * 12 + month - 1
}

private func list(_ terms: JSON, _ key: String) -> [JSON] { terms[key]?.array ?? [] }

private func nanos(_ json: JSON?) throws -> Int64 { try Amount.nanos(decimal: json?.string ?? "") }

private func whole(_ json: JSON?) -> Int64 { json?.int ?? Int64(json?.string ?? "") ?? 0 }

/// Reads `2027-01`.
private func month(_ json: JSON?) -> Int {
  Day((json?.string ?? "") + "-01").map(recountedMonth) ?? 0
}

private func readItem(_ json: JSON, at place: Int, isAdvance: Bool) throws -> RecountedContract.Item
{
  RecountedContract.Item(
    name: json["name"]?.string ?? "", isAdvance: isAdvance, amount: try nanos(json["amount"]),
    currency: json["currency"]?.string ?? "", order: json["order"]?.int ?? Int64(place),
    part: json["share_ppm"]?.int ?? 1_000_000)
}

private func readRule(_ json: JSON) throws -> RecountedContract.Rule {
  let by = json["by"]?.string
  let (channel, territory, format) = (
    json["channel"]?.string, json["territory"]?.string, json["format"]?.string
  )
  let steps = try list(json, "steps").map { step in
    let above: Int128 =
      switch by {
      case "units": Int128(whole(step["above"]))
      case "money": Int128(try nanos(step["above"])) * 1_000_000
      default: Int128((step["from"]?.string).flatMap { Day($0) }?.start.microseconds ?? 0)
      }
    return (above, step["rate_ppm"]?.int ?? 0)
  }
  let ownName = [channel, territory, format].map { $0 ?? "" }.joined(separator: "/")
  let counts = by == "units" || by == "money"
  var minimum: [String: Int64] = [:]
  for (currency, amount) in json["minimum_per_unit"]?.object?.members ?? [] {
    minimum[currency] = try nanos(amount)
  }
  return RecountedContract.Rule(
    channel: channel, territory: territory, format: format, rate: json["rate_ppm"]?.int ?? 0,
    by: by, currency: json["currency"]?.string, steps: steps,
    counter: json["counter"]?.string ?? (counts ? ownName : nil), minimum: minimum)
}
