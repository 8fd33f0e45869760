/// Strengths by the model of Bradley and Terry: of two entries a and b, a wins a/(a + b) of their
/// duels. In whole numbers throughout, so that the same duels give the same order everywhere.
///
/// Minorisation–maximisation (Hunter 2004, The Annals of Statistics 32, 384). Each entry has also
/// won and lost once against one of strength 1: who has won or lost every duel stays within
/// bounds, and more duels say more.
enum BradleyTerry {
  /// An entry of strength 1.
  static let one: Int64 = 1_000_000
  private static let least: Int64 = 1000
  private static let most: Int64 = 1_000_000_000_000
  /// What 1/(a + b) is counted in: so large that little is lost by rounding, and so small that the
  /// sum over a hundred thousand duels of one entry fits.
  private static let unit: Int64 = 100_000_000_000_000_000

  /// Two entries by their places in the list.
  struct Duel: Sendable {
    let winner: Int
    let loser: Int
  }

  /// The strengths of `count` entries after these duels, in millionths.
  /// - Parameter steps: each comes nearer to the most likely strengths.
  static func strengths(of count: Int, after duels: [Duel], steps: Int) -> [Int64] {
    var strengths = [Int64](repeating: one, count: count)
    var wins = [Int64](repeating: 1, count: count)
    for duel in duels { wins[duel.winner] += 1 }
    for _ in 0..<steps {
      let sums = sums(strengths, duels)
      for place in 0..<count {
        let next = Int128(wins[place]) * Int128(unit) / Int128(max(1, sums[place]))
        strengths[place] = Int64(min(max(next, Int128(least)), Int128(most)))
      }
    }
    return strengths
  }

  /// Of each entry, 1/(a + b) summed over its duels.
  private static func sums(_ strengths: [Int64], _ duels: [Duel]) -> [Int64] {
    var sums = strengths.map { 2 * (unit / ($0 + one)) }
    for duel in duels {
      let part = unit / (strengths[duel.winner] + strengths[duel.loser])
      sums[duel.winner] += part
      sums[duel.loser] += part
    }
    return sums
  }
}
