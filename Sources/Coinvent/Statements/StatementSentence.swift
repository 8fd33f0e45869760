import Ledger

/// The arithmetic of a line in words, every digit of it.
struct StatementSentence {
  let currency: Currency

  static let referral = "For sales that came by your referral link."
  static let rounding =
    "Each line is cut to a billionth; what is credited is cut once, from the sum of all time. "
    + "This is the difference."

  static func quoted(_ names: [String]) -> String {
    names.map { "“\($0)”" }.joined(separator: ", ")
  }

  /// Up to the pool: the same for everybody who has a share of it.
  func sales(_ line: PoolLine, _ told: ToldTerms?) -> String {
    let base = Decimals.text(line.base, scale: 15, least: currency.minorUnits)
    let pool = Decimals.text(line.earned, scale: 21, least: currency.minorUnits)
    let isPlain = line.base * Int128(line.ratePPM) == line.earned
    let rate = Recipe.percent(line.ratePPM * 1000)
    let step = told?.step(of: line).map { " (\($0))" } ?? ""
    let minimum = told?.minimum(of: line, currency) ?? 0
    let least = minimum == 0 ? "the minimum per unit" : "at least \(money(Int128(minimum))) a unit"
    let earned =
      isPlain
      ? "\(base) base × \(rate) %\(step) = \(pool) pool"
      : "\(base) base; \(rate) %\(step) or \(least) make a pool of \(pool)"
    return "\(start(line)) \(earned)"
  }

  /// Up to the base: the units and, where it is known, their prices.
  private func start(_ line: PoolLine) -> String {
    let units = units(line)
    guard let sales = line.sales else { return "\(units):" }
    if case .list(let list) = sales.basis {
      return list * Int128(line.units) * LineSales.unit == line.base
        ? "\(units) × \(money(list)) list price =" : "\(units) at list prices:"
    }
    guard sales.isWhole else { return "\(units) \(part(line, sales))" }
    let less = sales.gross * LineSales.unit - line.base
    let isDiscount = less == sales.deducted * LineSales.unit
    var isTold = less == 0 || isDiscount
    if case .deductions = sales.basis { isTold = true }
    guard isTold else { return "\(units):" }
    var text = "\(units) × \(money(Int128(sales.low)))"
    if sales.low != sales.high {
      text =
        "\(units) at \(money(Int128(sales.low))) to \(money(Int128(sales.high))), together "
        + money(sales.gross)
    }
    if less != 0 {
      let amount = Decimals.text(
        less < 0 ? -less : less, scale: 15, least: currency.minorUnits)
      text += " \(less < 0 ? "+" : "−") \(amount) \(isDiscount ? "discount" : "deductions")"
    }
    return "\(text) ="
  }

  /// Of sales at several rates, what is known of the prices of one.
  private func part(_ line: PoolLine, _ sales: LineSales) -> String {
    let (low, high) = (money(Int128(sales.low)), money(Int128(sales.high)))
    if low != high { return "at \(low) to \(high):" }
    let isAll = Int128(sales.low) * Int128(line.units) * LineSales.unit == line.base
    return isAll ? "× \(low) =" : "at \(low), less deductions:"
  }

  private func units(_ line: PoolLine) -> String {
    let units = Decimals.text(Int128(line.units), scale: 0)
    let unit = line.units.magnitude == 1 ? "unit" : "units"
    let when = line.soldBefore.map { " sold before \($0)" } ?? ""
    var text = "\(units) \(unit)\(when)"
    guard let sales = line.sales else { return text }
    if !sales.isWhole {
      guard line.units > 0, line.units < sales.units else { return text }
      text = "\(units) of \(Decimals.text(Int128(sales.units), scale: 0)) units"
    }
    var notes: [String] = []
    if let returned = sales.returned, returned != 0, returned != -sales.units {
      let sold = Decimals.text(Int128(sales.units) + Int128(returned), scale: 0)
      notes.append("\(sold) sold, \(Decimals.text(Int128(returned), scale: 0)) returned")
    }
    if let late = sales.late {
      notes.append(
        "\(Decimals.text(Int128(late.units), scale: 0)) of them sold before \(late.before)")
    }
    return notes.isEmpty ? text : "\(text) (\(notes.joined(separator: "; ")))"
  }

  /// What recoupment is for, and what of it is left.
  func recoupment(_ recouped: Int64, _ items: RecoupedItems?) -> String {
    guard let items else { return "of the pool, kept for advances and costs" }
    let all = money(items.amount)
    let names = items.words
    let open = "\(money(items.open)) of \(all) still open"
    if recouped < 0 { return "put back into the pool, since sales came back (\(names): \(open))" }
    return items.open > 0
      ? "of the pool, kept for \(names) (\(open))"
      : "of the pool, kept for \(names) (\(all), now paid back)"
  }

  /// What the reserve has now.
  func inAll(_ held: Int64?) -> String {
    held.map { ", \(money(Int128($0))) held in all" } ?? ""
  }

  /// - Parameter part: of the pool, in nanos.
  func terms(_ part: Int64, _ what: String) -> String { "\(money(Int128(part))) \(what)" }

  /// The end of a sentence: a member's share of what comes before.
  /// - Parameter part: of the pool, in 10⁻¹² nano.
  func share(_ ppb: Int64, of part: Int128) -> String {
    let (nanos, isCut) = Decimals.share(of: part, ppb: ppb)
    let amount = money(Int128(nanos)) + (isCut ? "…" : "")
    return "× \(Recipe.percent(ppb)) % share = \(amount)"
  }

  func money(_ nanos: Int128) -> String {
    Decimals.text(nanos, scale: 9, least: currency.minorUnits)
  }
}
