/// `named`, `pro_rata`, `pick_weight` and `weight`: in proportion to the sum of weights.
enum Proportional {
  static func reason(_ policy: SlicePolicy, _ claim: Claim, of all: UInt128) -> String {
    "\(policy.rawValue): \(claim.weight) of \(all)"
  }
}
