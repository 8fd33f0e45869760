import Ledger

/// The arithmetic of a line in words, every digit of it.
struct StatementSentence {
  let currency: Currency

  static let referral = "For sales that came by your referral link."
  static let rounding =
    "Each line is cut to a billionth; what is credited is cut once, from the sum of all time. "
    + "This is the difference."

  /// Sale lines behind a line of a statement, where they add up to just its base.
  struct Sales {
    let units: Int64
    /// Of those that were sold; nil: it was not kept, or is told in an earlier form.
    var returned: Int64?
    /// Nanos.
    let gross: Int128
    let deducted: Int128
    let low: Int64
    let high: Int64
  }

  /// Up to the pool: the same for everybody who has a share of it.
  func sales(_ line: PoolLine, _ sales: Sales?) -> String {
    let base = Decimals.text(line.base, scale: 15, least: currency.minorUnits)
    let pool = Decimals.text(line.earned, scale: 21, least: currency.minorUnits)
    let isPlain = line.base * Int128(line.ratePPM) == line.earned
    let rate = Recipe.percent(line.ratePPM * 1000)
    let earned =
      isPlain
      ? "\(base) base × \(rate) % = \(pool) pool"
      : "\(base) base; \(rate) % or the minimum per unit make a pool of \(pool)"
    return "\(start(line, sales)) \(earned)"
  }

  /// Up to the base: the units and, where it is known, their prices.
  private func start(_ line: PoolLine, _ sales: Sales?) -> String {
    var units = "\(Decimals.text(Int128(line.units), scale: 0)) \(unit(line.units))"
    guard let sales, sales.units == line.units else { return "\(units):" }
    if let returned = sales.returned, returned != 0, returned != -line.units {
      let sold = Decimals.text(Int128(line.units) + Int128(returned), scale: 0)
      units += " (\(sold) sold, \(Decimals.text(Int128(returned), scale: 0)) returned)"
    }
    let net = (sales.gross - sales.deducted) * 1_000_000
    let isNet = net == line.base
    guard isNet || sales.gross * 1_000_000 == line.base else { return "\(units):" }
    var text = "\(units) × \(money(Int128(sales.low)))"
    if sales.low != sales.high {
      text =
        "\(units) at \(money(Int128(sales.low))) to \(money(Int128(sales.high))), together "
        + money(sales.gross)
    }
    if isNet && sales.deducted != 0 {
      let sign = sales.deducted < 0 ? "+" : "−"
      text += " \(sign) \(money(Int128(sales.deducted.magnitude))) discount"
    }
    return "\(text) ="
  }

  private func unit(_ count: Int64) -> String { count.magnitude == 1 ? "unit" : "units" }

  /// What recoupment is for, and what of it is left.
  func recoupment(_ recouped: Int64, _ items: RecoupedItems?) -> String {
    guard let items else { return "of the pool, kept for advances and costs" }
    let all = money(items.amount)
    let names = items.names.map { "“\($0)”" }.joined(separator: ", ")
    let open = "\(money(items.open)) of \(all) still open"
    if recouped < 0 { return "put back into the pool, since sales came back (\(names): \(open))" }
    return items.open > 0
      ? "of the pool, kept for \(names) (\(open))"
      : "of the pool, kept for \(names) (\(all), now paid back)"
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

  private func money(_ nanos: Int128) -> String {
    Decimals.text(nanos, scale: 9, least: currency.minorUnits)
  }
}
