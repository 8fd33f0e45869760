/// `accuracy`: the closer a guess, the more it counts; from the tolerance on it counts nothing.
enum Accuracy {
  /// So far off, or farther, nothing is earned under any tolerance.
  static let farPPM: Int64 = 1_000_000

  /// tolerance × target − distance, in millionths; zero without a guess.
  static func weight(of guess: InfluenceEvent.Guess?, tolerancePPM: Int64) -> UInt128 {
    guard let guess else { return 0 }
    let reach = Int128(tolerancePPM) * Int128(guess.target)
    return UInt128(max(0, reach - 1_000_000 * distance(guess)))
  }

  /// How far off, in whole ppm of the target.
  static func distancePPM(of guess: InfluenceEvent.Guess?) -> Int64 {
    guard let guess else { return farPPM }
    return Int64(min(Int128(farPPM), 1_000_000 * distance(guess) / Int128(guess.target)))
  }

  private static func distance(_ guess: InfluenceEvent.Guess) -> Int128 {
    Int128(guess.value > guess.target ? guess.value - guess.target : guess.target - guess.value)
  }

  static func reason(_ claim: Claim, of all: Int64, tolerancePPM: Int64) -> String {
    let near = claim.terms.filter { $0.value < tolerancePPM }
    let shown = near.prefix(4).flatMap { term in
      Array(repeating: percent(term.value), count: Int(min(4, term.times)))
    }.prefix(4)
    let more = near.reduce(0) { $0 + $1.times } - Int64(shown.count)
    return "accuracy: off by \(shown.joined(separator: ", "))"
      + (more > 0 ? " and \(more) farther ones" : "") + " among \(all) guesses"
  }

  /// Down to a hundredth of a percent.
  static func percent(_ ppm: Int64) -> String {
    let hundredths = ppm / 100
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
  }
}
