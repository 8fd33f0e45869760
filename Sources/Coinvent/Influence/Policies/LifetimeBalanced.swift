/// `lifetime_balanced`: members' holdings by the parts that were divided before are topped up
/// towards being in proportion to their lifetime weight.
///
/// Of S to give and H that the claimants hold already, a member of weight w among W should hold
/// (H + S)·w/W; who holds that or more gets nothing, and the others share S in proportion to what
/// they fall short of it.
enum LifetimeBalanced {
  /// What each falls short of, times W so that nothing is cut.
  static func shortfalls(_ claims: [Claim], held: [Int64], size: Int64) -> [UInt128] {
    let all = claims.reduce(0 as Int128) { $0 + Int128($1.weight) }
    let together = Int128(held.reduce(size, +))
    return zip(claims, held).map { claim, holding in
      UInt128(max(0, together * Int128(claim.weight) - Int128(holding) * all))
    }
  }

  static func reason(_ claim: Claim, of all: UInt128, held: Int64) -> String {
    "lifetime_balanced: \(claim.weight) of \(all), beside \(held) ppb by other parts"
  }
}
