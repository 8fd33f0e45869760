/// `early_weighted`: the first votes for an entry count in full, the next half, the next a third:
/// a vote for what everybody has seen to lead earns little.
enum EarlyWeighted {
  /// The k-th vote for its entry counts one over this. A vote without a place was the first.
  static func denominator(place: Int64, step: Int64) -> Int64 { 1 + (place - 1) / step }

  static func reason(_ claim: Claim, of all: Int64) -> String {
    "early_weighted: \(Fractions.text(claim)) among \(all) votes"
  }
}
