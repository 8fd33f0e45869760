import Postgres

/// Replays the lines of one product whose contract has terms, in the order in which they were sold.
///
/// Everything is kept in memory and every line is cut unit by unit where a step lies: slow and
/// plain, as a second implementation may be. Docs/contracts.md says what is to come out.
struct RecountReplay {
  struct Line {
    let source: String
    let id: String
    /// Of the line itself; the others, and `channel`, are those of the sale that came back, where
    /// it is known.
    let ownChannel: String
    let channel: String
    let territory: String
    let format: String
    /// Negative for a return.
    let quantity: Int64
    let unitPrice: Int64
    let discount: Int64
    let allowance: Int64
    let named: [String: Int64]
    let listPrice: Int64?
    let currency: String
    let soldAt: Int64
    let referral: String
    /// The sale that came back, where it is known.
    let saleID: String?
    let governedAt: Int64

    var isReturn: Bool { quantity < 0 }
    var order: (Int64, Int, [UInt8], [UInt8]) {
      (max(soldAt, governedAt), isReturn ? 1 : 0, Array(source.utf8), Array(id.utf8))
    }
  }

  /// Where what a piece earned is summed up.
  struct Place: Hashable {
    let contract: Int32
    let share: Int32
    let currency: String
    let month: Int
    let channel: String
    let territory: String
    let format: String
    let rate: Int64
  }

  fileprivate struct Piece {
    var units: Int128
    var base: Int128
    var rate: Int64
  }

  /// A sale that is on record, with what has not come back of it.
  fileprivate struct Paid {
    let pieces: [Piece]
    var left: [Piece]
    let rule: RecountedContract.Rule
    let contract: RecountedContract
    let share: Int32
  }

  private struct CounterName: Hashable {
    let name: String
    /// Empty for units.
    let currency: String
  }

  let contracts: [RecountedContract]
  let shares: [(version: Int32, starts: Int64)]
  private(set) var sums: [Place: RecountPools.Sum] = [:]
  /// By referral code, in the millionth part of `earned`'s unit.
  private(set) var referred: [Place: [String: Int128]] = [:]
  private var counters: [CounterName: Int128] = [:]
  private var paid: [String: Paid] = [:]

  init(contracts: [RecountedContract], shares: [(version: Int32, starts: Int64)]) {
    self.contracts = contracts
    self.shares = shares
    for contract in contracts {
      for opening in contract.openings {
        let name = CounterName(name: opening.counter, currency: opening.currency ?? "")
        if counters[name] == nil { counters[name] = opening.start }
      }
    }
  }

  mutating func run(_ lines: [Line]) {
    let sorted = lines.map { ($0.order, $0) }.sorted { a, b in
      if (a.0.0, a.0.1) != (b.0.0, b.0.1) { return (a.0.0, a.0.1) < (b.0.0, b.0.1) }
      if a.0.2 != b.0.2 { return a.0.2.lexicographicallyPrecedes(b.0.2) }
      return a.0.3.lexicographicallyPrecedes(b.0.3)
    }
    for (_, line) in sorted { line.isReturn ? takeBack(line) : sell(line) }
  }

  private mutating func sell(_ line: Line) {
    guard let contract = governing(line.governedAt),
      let rule = contract.rule(
        channel: line.channel, territory: line.territory, format: line.format)
    else { return }
    let base = base(of: line, contract)
    let units = Int128(line.quantity)
    let pieces = cut(units, base, rule, line, end: nil)
    count(rule, line, units: units, base: base)
    guard let share = shares.last(where: { $0.starts <= line.governedAt })?.version else { return }
    paid[line.source + "\u{0}" + line.id] = Paid(
      pieces: pieces, left: pieces, rule: rule, contract: contract, share: share)
    for piece in pieces { add(piece, 1, line, contract, share, rule) }
  }

  private mutating func takeBack(_ line: Line) {
    let key = line.saleID.map { line.source + "\u{0}" + $0 }
    guard let contract = governing(line.governedAt) else { return }
    let units = Int128(-line.quantity)
    let base = base(of: line, contract)
    if contract.isPlain {
      guard let rate = contract.rates[line.ownChannel],
        let rule = contract.rule(channel: line.ownChannel, territory: "", format: ""),
        let share = shares.last(where: { $0.starts <= line.governedAt })?.version
      else { return }
      let piece = Piece(units: units, base: base, rate: rate)
      return add(piece, -1, line, contract, share, rule)
    }
    if let key, var sale = paid[key] {
      let pieces = sale.takeBack(units, base)
      paid[key] = sale
      count(sale.rule, line, units: -units, base: -base)
      for piece in pieces { add(piece, -1, line, sale.contract, sale.share, sale.rule) }
      return
    }
    guard
      let rule = contract.rule(
        channel: line.channel, territory: line.territory, format: line.format)
    else { return }
    let pieces = cut(units, base, rule, line, end: counters[name(rule, line)] ?? 0)
    count(rule, line, units: -units, base: -base)
    guard let share = shares.last(where: { $0.starts <= line.governedAt })?.version else { return }
    for piece in pieces { add(piece, -1, line, contract, share, rule) }
  }

  private func governing(_ moment: Int64) -> RecountedContract? {
    contracts.last { $0.starts <= moment }
  }

  private mutating func add(
    _ piece: Piece, _ sign: Int128, _ line: Line, _ contract: RecountedContract, _ share: Int32,
    _ rule: RecountedContract.Rule
  ) {
    let least = piece.units * Int128(rule.minimum[line.currency] ?? 0) * 1_000_000_000_000
    let amount = sign * max(piece.base * Int128(piece.rate), least)
    let place = Place(
      contract: contract.version, share: share, currency: line.currency,
      month: recountedMonth(of: Timestamp(microseconds: line.governedAt).day),
      channel: contract.isPlain ? line.ownChannel : line.channel,
      territory: contract.isPlain ? "" : line.territory,
      format: contract.isPlain ? "" : line.format, rate: piece.rate)
    var sum = sums[place] ?? RecountPools.Sum()
    sum.units += sign * piece.units
    sum.base += sign * piece.base
    sum.earned += amount
    sums[place] = sum
    if contract.referral > 0, !line.referral.isEmpty {
      referred[place, default: [:]][line.referral, default: 0] += amount * Int128(contract.referral)
    }
  }

  private func name(_ rule: RecountedContract.Rule, _ line: Line) -> CounterName {
    CounterName(name: rule.counter ?? "", currency: rule.by == "money" ? line.currency : "")
  }

  /// Moves the counter of a rule; one that only states a counter moves units and money.
  private mutating func count(
    _ rule: RecountedContract.Rule, _ line: Line, units: Int128, base: Int128
  ) {
    guard let counter = rule.counter else { return }
    if rule.by == "units" || rule.by == nil || rule.by == "date" {
      counters[CounterName(name: counter, currency: ""), default: 0] += units
    }
    let isOther = rule.by == "money" && rule.currency != line.currency
    if rule.by != "units" && !isOther {
      counters[CounterName(name: counter, currency: line.currency), default: 0] += base
    }
  }

  /// What the rates are of, without sign, in millionths of a nano.
  private func base(of line: Line, _ contract: RecountedContract) -> Int128 {
    let units = Int128(line.quantity.magnitude)
    let gross = units * Int128(line.unitPrice)
    switch contract.base {
    case "gross": return gross * 1_000_000
    case "list":
      guard let price = line.listPrice ?? contract.listPrices[line.currency] else {
        return gross * 1_000_000
      }
      return units * Int128(price) * 1_000_000
    default: break
    }
    guard let deductions = contract.deductions else {
      return (gross - Int128(line.discount) - Int128(line.allowance)) * 1_000_000
    }
    var total: Int128 = 0
    for (name, cap) in deductions {
      let amount =
        switch name {
        case "discount": line.discount
        case "allowance": line.allowance
        default: line.named[name] ?? 0
        }
      let whole = Int128(amount) * 1_000_000
      total += cap.map { min(whole, gross * Int128($0)) } ?? whole
    }
    if let cap = contract.deductionsCap { total = min(total, gross * Int128(cap)) }
    return gross * 1_000_000 - min(total, gross * 1_000_000)
  }

  /// Cuts units and base where the rule's steps lie.
  /// - Parameter end: for units that come back, where the counter stands: they are the last ones;
  ///   nil for units that are sold, which follow it.
  private func cut(
    _ units: Int128, _ base: Int128, _ rule: RecountedContract.Rule, _ line: Line, end: Int128?
  ) -> [Piece] {
    switch rule.by {
    case "date":
      let rate = rule.steps.last { $0.above <= Int128(line.governedAt) }?.rate ?? rule.rate
      return [Piece(units: units, base: base, rate: rate)]
    case "units":
      let stands = counters[name(rule, line)] ?? 0
      let start = end.map { $0 - units } ?? stands
      return parts(of: units, from: start, rule).map { a, b, rate in
        Piece(units: b - a, base: base * b / units - base * a / units, rate: rate)
      }
    case "money" where rule.currency == line.currency:
      let stands = counters[name(rule, line)] ?? 0
      let start = end.map { $0 - base } ?? stands
      if base == 0 { return [Piece(units: units, base: 0, rate: rate(rule, at: start))] }
      return parts(of: base, from: start, rule).map { a, b, rate in
        Piece(units: units * b / base - units * a / base, base: b - a, rate: rate)
      }
    default: return [Piece(units: units, base: base, rate: rule.rate)]
    }
  }

  private func rate(_ rule: RecountedContract.Rule, at position: Int128) -> Int64 {
    rule.steps.last { $0.above <= position }?.rate ?? rule.rate
  }

  /// Offsets into a stretch that begins at a position, and the rate in between.
  private func parts(of length: Int128, from start: Int128, _ rule: RecountedContract.Rule)
    -> [(Int128, Int128, Int64)]
  {
    let inner = rule.steps.map { $0.above - start }.filter { $0 > 0 && $0 < length }
    let edges = [0] + inner + [length]
    return zip(edges, edges.dropFirst()).map { ($0, $1, rate(rule, at: start + $0)) }
  }
}

extension RecountReplay.Paid {
  /// What comes back of the sale: the last of it first, and what is more than it had like its
  /// first piece. The pieces are in the order of the sale.
  mutating func takeBack(_ units: Int128, _ base: Int128) -> [RecountReplay.Piece] {
    guard rule.by == "money" else { return byUnits(units, base) }
    if base > 0 { return byMoney(units, base) }
    let rate = left.last { $0.base > 0 }?.rate ?? pieces[0].rate
    return [RecountReplay.Piece(units: units, base: 0, rate: rate)]
  }

  private mutating func byUnits(_ units: Int128, _ base: Int128) -> [RecountReplay.Piece] {
    cut(units, \.units) { piece, before, after in
      piece.base = base * after / units - base * before / units
    }
  }

  private mutating func byMoney(_ units: Int128, _ base: Int128) -> [RecountReplay.Piece] {
    cut(base, \.base) { piece, before, after in
      piece.units = units * after / base - units * before / base
    }
  }

  /// Takes an amount of units or of base from the end of what is left.
  /// - Parameter divide: sets the other one of a piece, given where the piece begins and ends
  private mutating func cut(
    _ amount: Int128, _ part: WritableKeyPath<RecountReplay.Piece, Int128>,
    _ divide: (inout RecountReplay.Piece, Int128, Int128) -> Void
  ) -> [RecountReplay.Piece] {
    var open = amount
    var back = pieces.map { RecountReplay.Piece(units: 0, base: 0, rate: $0.rate) }
    for place in left.indices.reversed() {
      let taken = min(open, left[place][keyPath: part])
      left[place][keyPath: part] -= taken
      back[place][keyPath: part] = taken
      open -= taken
    }
    back[0][keyPath: part] += open
    var before: Int128 = 0
    for place in back.indices {
      let after = before + back[place][keyPath: part]
      divide(&back[place], before, after)
      before = after
    }
    return back.filter { $0[keyPath: part] > 0 }
  }
}
