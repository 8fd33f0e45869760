/// Adds fractions 1/n exactly, by a common denominator.
///
/// Their least common multiple makes every fraction exact; where it would pass 10²² that number
/// itself is the denominator and the fractions are cut to its whole parts.
struct Fractions {
  let denominator: UInt128
  static let limit: UInt128 = 10_000_000_000_000_000_000_000

  init(_ claims: [Claim]) {
    self.init(denominators: Set(claims.lazy.flatMap(\.terms).map(\.value)))
  }

  init(denominators: Set<Int64>) {
    var multiple: UInt128 = 1
    for number in denominators {
      let next = multiple / Fractions.common(multiple, UInt128(number)) * UInt128(number)
      if next > Fractions.limit {
        multiple = Fractions.limit
        break
      }
      multiple = next
    }
    denominator = multiple
  }

  /// The sum of a claim's fractions, in units of one over the denominator.
  func sum(_ claim: Claim) -> UInt128 {
    claim.terms.reduce(0) { $0 + UInt128($1.times) * (denominator / UInt128($1.value)) }
  }

  static func common(_ a: UInt128, _ b: UInt128) -> UInt128 {
    b == 0 ? a : common(b, a % b)
  }

  /// `3 × 1/4 + 1/7`; after a few terms only how many more there are.
  static func text(_ claim: Claim) -> String {
    let shown = claim.terms.prefix(4).map { term in
      term.times == 1 ? "1/\(term.value)" : "\(term.times) × 1/\(term.value)"
    }
    let more = claim.terms.dropFirst(4).reduce(0) { $0 + $1.times }
    return shown.joined(separator: " + ") + (more > 0 ? " + \(more) smaller ones" : "")
  }
}
