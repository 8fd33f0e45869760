import Coinvent
import JSON

/// Contracts as lines for people.
enum ContractText {
  static func lines(_ terms: ContractTerms) -> [String] {
    var lines = ["  rates are taken of \(terms.base.rawValue)"]
    for (term, value) in ContractDiff.terms(terms) where term != "base" {
      if term == "rules" {
        for rule in (value.array ?? []).map(ContractWords.rule) {
          lines.append("  rule for \(rule[0])")
          lines += rule.dropFirst().map { "    \($0)" }
        }
      } else if term != "referral_ppm" || terms.referral > 0 {
        lines.append("  \(ContractWords.name(term)): \(ContractWords.of(term, value))")
      }
    }
    return lines
  }

  static func lines(_ diff: ContractDiff) -> [String] {
    let lines = diff.changes.map { change in
      func words(_ side: JSON?) -> String {
        side.map { ContractWords.of(change.term, $0) } ?? "nothing"
      }
      return "  \(ContractWords.name(change.term)): \(words(change.before)) → "
        + "\(words(change.after))"
    }
    return lines.isEmpty ? ["  The contracts are the same."] : lines
  }

  static func lines(_ preview: [PreviewContract.Line]) -> [String] {
    if preview.isEmpty { return ["  No sale is recorded yet."] }
    return preview.flatMap { line in
      ["  \(line.before) → \(line.after)"]
        + line.parts.filter { $0.amount.nanos != 0 }.map { "    \($0.name) \($0.amount)" }
        + (line.sentence.map { ["    \($0)"] } ?? [])
    }
  }
}
