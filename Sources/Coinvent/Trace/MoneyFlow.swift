/// Which of the money that came in went where: what came first goes first.
///
/// Money in a balance cannot be told apart; this rule is fixed, so that every nano that was
/// credited is found in the same payout by everybody, whenever one asks.
enum MoneyFlow {
  struct Part: Equatable {
    /// Places in the two lists.
    let credit: Int
    let taking: Int
    /// In nanos, above zero.
    let amount: Int64
  }

  /// - Parameters:
  ///   - credits: what came in, the first first; above zero.
  ///   - takings: what was taken out, the first first; above zero. What they take beyond all
  ///     credits waits for the next ones.
  static func match(credits: [Int64], takings: [Int64]) -> [Part] {
    var parts: [Part] = []
    var (credit, taking) = (0, 0)
    var (left, open) = (credits.first ?? 0, takings.first ?? 0)
    while credit < credits.count, taking < takings.count {
      let amount = min(left, open)
      if amount > 0 { parts.append(Part(credit: credit, taking: taking, amount: amount)) }
      left -= amount
      open -= amount
      if left == 0 {
        credit += 1
        if credit < credits.count { left = credits[credit] }
      }
      if open == 0 {
        taking += 1
        if taking < takings.count { open = takings[taking] }
      }
    }
    return parts
  }
}
