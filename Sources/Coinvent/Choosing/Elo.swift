/// Elo ratings in thousandths of a point, in whole numbers throughout.
enum Elo {
  static let start: Int64 = 1_500_000
  /// The most that one duel moves a rating.
  static let step: Int64 = 32_000

  /// How far the winner's rating rises and the loser's falls.
  static func gain(winner: Int64, loser: Int64) -> Int64 {
    (step * (1_000_000 - expected(winner - loser)) + 500_000) / 1_000_000
  }

  /// The chance to win of who is ahead by so many thousandths, in ppm: 1/(1 + 10^(−d/400)) from a
  /// table, straight between its points.
  static func expected(_ difference: Int64) -> Int64 {
    if difference < 0 { return 1_000_000 - expected(-difference) }
    let width: Int64 = 50_000
    let place = Int(difference / width)
    guard place + 1 < table.count else { return table[table.count - 1] }
    let (low, high) = (table[place], table[place + 1])
    return low + (high - low) * (difference % width) / width
  }

  /// At 0, 50, 100 … 800 points.
  private static let table: [Int64] = [
    500_000, 571_463, 640_065, 703_385, 759_747, 808_318, 849_020, 882_338, 909_091, 930_242,
    946_760, 959_537, 969_347, 976_836, 982_528, 986_840, 990_099,
  ]
}
