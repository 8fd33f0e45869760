import Coinvent
import JSON

/// Contracts as lines for people.
enum ContractText {
  static func percent(_ ppm: Int64) -> String { "\(Recipe.percent(ppm * 1000)) %" }

  static func lines(_ terms: ContractTerms) -> [String] {
    var lines = ["  rates are taken of \(terms.base.rawValue)"]
    lines += terms.rates.map { "  \($0.channel): \(percent($0.ppm))" }
    if terms.referral > 0 { lines.append("  referrers: \(percent(terms.referral)) of that") }
    lines += terms.further.rules.flatMap(rule)
    // What is left needs no words of its own: the form is the one that is written.
    for (key, value) in terms.further.json.object ?? JSONObject() where key != "rules" {
      lines.append("  \(key): \(value.text())")
    }
    return lines
  }

  private static func rule(_ rule: RateRule) -> [String] {
    let place = [rule.channel, rule.territory, rule.format].compactMap(\.self)
    let json = rule.json
    var first = "  \(place.joined(separator: ", ")): \(percent(rule.ppm))"
    if let counter = rule.counter { first += ", counted as \(counter)" }
    if let minimum = json["minimum_per_unit"] { first += ", at least \(minimum.text()) a unit" }
    let unit = rule.currency?.code ?? "units"
    let steps = (json["steps"]?.array ?? []).map { step -> String in
      let above = "above \(step["above"]?.string ?? "") \(unit)"
      let from = step["from"]?.string.map { "from " + $0 } ?? above
      return "    \(from): " + percent(step["rate_ppm"]?.int ?? 0)
    }
    return [first] + steps
  }

  static func lines(_ diff: ContractDiff) -> [String] {
    let lines = diff.changes.map { change in
      "  \(change.term): \(change.before?.text() ?? "nothing") → "
        + "\(change.after?.text() ?? "nothing")"
    }
    return lines.isEmpty ? ["  The contracts are the same."] : lines
  }

  static func lines(_ preview: [PreviewContract.Line]) -> [String] {
    if preview.isEmpty { return ["  No sale is recorded yet."] }
    return preview.flatMap { line in
      ["  \(line.before) → \(line.after)"]
        + line.parts.filter { $0.amount.nanos != 0 }.map { "    \($0.name) \($0.amount)" }
    }
  }
}
