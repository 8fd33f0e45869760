/// Strengths by the model of Bradley and Terry: of two entries a and b, a wins a/(a + b) of their
/// duels. In whole numbers throughout, so that the same duels give the same order everywhere.
///
/// The iteration is Newman's (2023, Journal of Machine Learning Research 24, 238), which needs few
/// steps where minorisation–maximisation needs thousands. Each entry has also won and lost once
/// against one of strength 1: who has won or lost every duel stays within bounds, and more duels
/// say more.
struct BradleyTerry {
  /// An entry of strength 1.
  static let one: Int64 = 1_000_000
  private static let bounds: ClosedRange<Int64> = 100...8_000_000_000
  /// What 1/(a + b) is counted in, and b/(a + b): so large that little is lost by rounding, so
  /// small that the sum over a million duels of one entry fits.
  private static let unit: Int64 = 1_000_000_000_000_000
  private static let whole: Int64 = 1_000_000_000

  /// Two entries by their places in the list.
  struct Duel: Sendable {
    let winner: Int
    let loser: Int
  }

  private var strengths: [Int64]
  /// Whom each has won against, and lost to: those of one entry after those of the other.
  private let beaten: Lists
  private let beating: Lists

  /// The strengths of `count` entries after these duels, in millionths.
  /// - Parameter steps: each comes nearer to the most likely strengths.
  static func strengths(of count: Int, after duels: [Duel], steps: Int) -> [Int64] {
    var model = BradleyTerry(
      strengths: [Int64](repeating: one, count: count),
      beaten: Lists(of: count, duels.map { ($0.winner, $0.loser) }),
      beating: Lists(of: count, duels.map { ($0.loser, $0.winner) }))
    for _ in 0..<steps {
      for place in 0..<count { model.strengths[place] = model.next(place) }
    }
    return model.strengths
  }

  private func next(_ place: Int) -> Int64 {
    let own = strengths[place]
    let virtual = own + Self.one
    var won = Self.one * Self.whole / virtual
    for other in beaten[place] {
      won += strengths[other] * Self.whole / (own + strengths[other])
    }
    var lost = Self.unit / virtual
    for other in beating[place] { lost += Self.unit / (own + strengths[other]) }
    let next = Int128(won) * Int128(Self.unit / Self.whole) / Int128(lost)
    return Int64(min(max(next, Int128(Self.bounds.lowerBound)), Int128(Self.bounds.upperBound)))
  }

  /// Many short lists in one array.
  private struct Lists {
    private var starts: [Int]
    private var elements: [Int]

    init(of count: Int, _ members: [(list: Int, element: Int)]) {
      starts = [Int](repeating: 0, count: count + 1)
      for member in members { starts[member.list + 1] += 1 }
      for list in 0..<count { starts[list + 1] += starts[list] }
      elements = [Int](repeating: 0, count: members.count)
      var filled = starts
      for member in members {
        elements[filled[member.list]] = member.element
        filled[member.list] += 1
      }
    }

    subscript(list: Int) -> ArraySlice<Int> { elements[starts[list]..<starts[list + 1]] }
  }
}
