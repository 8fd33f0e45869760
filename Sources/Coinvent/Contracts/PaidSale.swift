/// What a sale was paid as, and what of it has not come back yet.
struct PaidSale: Sendable {
  private let firstRate: Int64
  /// In the order in which the units were counted; the last come back first.
  private(set) var left: [Portion]

  init(_ portions: [Portion]) {
    guard let first = portions.first else { preconditionFailure("a sale has a portion") }
    firstRate = first.rate
    left = portions
  }

  /// Takes units, or money, from the end of what is left; what is more than that goes by the terms
  /// of the first portion.
  /// - Returns: the pieces in ascending order. They have all the units and base of the return.
  mutating func takeBack(units: Int64, base: Int128, byMoney: Bool) -> [Portion] {
    let length = byMoney ? base : Int128(units)
    let pieces = pop(length, byMoney)
    var place: Int128 = 0
    return pieces.map { piece in
      let from = place
      place += piece.length
      return Portion(
        units: byMoney
          ? Int64(Portions.split(Int128(units), from, place, of: length, all: Int128(units)))
          : Int64(piece.length),
        base: byMoney ? piece.length : Portions.split(base, from, place, of: length, all: base),
        rate: piece.rate)
    }
  }

  private typealias Piece = (length: Int128, rate: Int64)

  private mutating func pop(_ length: Int128, _ byMoney: Bool) -> [Piece] {
    if length == 0 { return [(0, left.last?.rate ?? firstRate)] }
    var missing = length
    var pieces: [Piece] = []
    while missing > 0, let last = left.popLast() {
      let there = byMoney ? last.base : Int128(last.units)
      let taken = min(missing, there)
      missing -= taken
      if taken > 0 { pieces.insert((taken, last.rate), at: 0) }
      if taken < there {
        var rest = last
        if byMoney { rest.base -= taken } else { rest.units -= Int64(taken) }
        left.append(rest)
      }
    }
    if missing > 0 {
      // Nothing is left, so the lowest piece, if there is any, is of the first portion.
      let lowest = pieces.isEmpty ? 0 : pieces.removeFirst().length
      pieces.insert((lowest + missing, firstRate), at: 0)
    }
    return pieces
  }
}
