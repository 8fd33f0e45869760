import Coinvent
import JSON

/// What each term of a contract says, in words. It goes by the written form, so that a diff, which
/// has only that, says the same.
enum ContractWords {
  static func percent(_ ppm: Int64) -> String { "\(Recipe.percent(ppm * 1000)) %" }

  /// - Parameter term: as `ContractDiff` names it, such as `rates/direct`.
  static func of(_ term: String, _ json: JSON) -> String {
    let (key, name) = split(term)
    switch key {
    case "rates", "referral_ppm", "deductions_cap_ppm": return percent(json.int ?? 0)
    case "list_prices": return "\(json.string ?? "") \(name)"
    case "rules":
      return (json.array ?? []).map { rule($0).joined(separator: ", ") }.joined(separator: "; ")
    case "deductions": return (json.array ?? []).map(deduction).joined(separator: ", ")
    case "opening": return (json.array ?? []).map(opening).joined(separator: ", ")
    case "advances": return amount(json) + order(json)
    case "costs":
      let share = json["share_ppm"]?.int ?? 1_000_000
      let most = share == 1_000_000 ? "" : ", at most \(percent(share)) of what is left"
      return amount(json) + order(json) + most
    case "guarantees":
      return "at least \(amount(json)) from \(json["from"]?.string ?? "") to "
        + "\(json["until"]?.string ?? "")"
    case "reserve": return reserve(json)
    default: return json.string ?? json.text()
    }
  }

  /// The name of a term as people read it.
  static func name(_ term: String) -> String {
    let (key, name) = split(term)
    switch key {
    case "referral_ppm": return "referrers' part"
    case "deductions_cap_ppm": return "all deductions at most"
    case "list_prices": return "list price"
    case "rates": return "rate of \(name)"
    case "advances": return "advance \(name)"
    case "costs": return "cost \(name)"
    case "guarantees": return "guarantee \(name)"
    default: return key
    }
  }

  /// Which sales a rule is of and what they earn, then a line for each step.
  static func rule(_ rule: JSON) -> [String] {
    let place = ["channel", "territory", "format"].compactMap { rule[$0]?.string }
    var first = "\(place.joined(separator: " ")): \(percent(rule["rate_ppm"]?.int ?? 0))"
    if let counter = rule["counter"]?.string { first += ", counted as \(counter)" }
    if let minimums = rule["minimum_per_unit"]?.object {
      let amounts = minimums.map { "\($1.string ?? "") \($0)" }.joined(separator: " or ")
      first += ", at least \(amounts) a unit"
    }
    let unit = rule["currency"]?.string ?? "units"
    let steps = (rule["steps"]?.array ?? []).map { step -> String in
      let above = "above \(step["above"]?.string ?? "") \(unit)"
      let from = step["from"]?.string.map { "from " + $0 } ?? above
      return "\(from): " + percent(step["rate_ppm"]?.int ?? 0)
    }
    return [first] + steps
  }

  private static func split(_ term: String) -> (key: String, name: String) {
    let parts = term.split(separator: "/", maxSplits: 1).map(String.init)
    return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
  }

  private static func amount(_ item: JSON) -> String {
    "\(item["amount"]?.string ?? "") \(item["currency"]?.string ?? "")"
  }

  private static func order(_ item: JSON) -> String {
    item["order"]?.int.map { ", paid back as number \($0)" } ?? ""
  }

  private static func deduction(_ item: JSON) -> String {
    let cap = item["cap_ppm"]?.int.map { " (at most \(percent($0)) of gross)" } ?? ""
    return (item["name"]?.string ?? "") + cap
  }

  private static func opening(_ item: JSON) -> String {
    let units = item["units"]?.string.map { "\($0) units" }
    let money = "\(item["money"]?.string ?? "") \(item["currency"]?.string ?? "")"
    return "\(item["counter"]?.string ?? "") starts at \(units ?? money)"
  }

  private static func reserve(_ json: JSON) -> String {
    let period = (json["period"]?.string ?? "").split(separator: "_").joined(separator: " ")
    let held = json["held"]?.int ?? 0
    let span = held == 1 ? "1 \(period)" : "\(held) \(period)s"
    return "\(percent(json["ppm"]?.int ?? 0)) of each \(period), held for \(span) after it"
  }
}
