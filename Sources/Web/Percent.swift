/// Parts per billion as people read them, without losing any: 42 %, 0.0000001 %.
enum Percent {
  static func text(_ ppb: Int64) -> String {
    let (whole, rest) = ppb.quotientAndRemainder(dividingBy: 10_000_000)
    if rest == 0 { return "\(whole) %" }
    var digits = "\(rest)"
    digits = String(repeating: "0", count: 7 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits) %"
  }
}
