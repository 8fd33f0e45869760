import Ledger

extension TracedCredit {
  /// How the amount comes about, in sentences, from the sales on.
  public func sentences(_ sales: TracedSales) -> [String] {
    sales.lines.map { $0.sentence(currency) } + (sales.terms?.sentences(currency) ?? []) + [own]
  }

  /// `30 of the pool, from 0 to 30, × 42 % share = 12.6`
  private var own: String {
    func money(_ nanos: Int64) -> String { Amount(nanos: nanos, currency: currency).decimal }
    if isReferral {
      return "the part for the referral link went from \(money(before)) to \(money(after)): "
        + "\(money(amount)) \(currency)"
    }
    return "the pool of shares \(shareVersion) went from \(money(before)) to \(money(after)); "
      + "\(Recipe.percent(ppb)) % of it, less what was credited before, is \(money(amount)) "
      + "\(currency)"
  }
}

extension TracedSales.Line {
  /// `direct: 2 units, base 19.98 × 30 % = 5.994 USD`
  fileprivate func sentence(_ currency: Currency) -> String {
    func money(_ nanos: Int64) -> String { Amount(nanos: nanos, currency: currency).decimal }
    let place = [channel, territory, format].filter { !$0.isEmpty }.joined(separator: ", ")
    let count = units.magnitude == 1 ? "unit" : "units"
    let rate = "\(Recipe.percent(ratePPM * 1000)) %"
    let sum = isByRate ? "× \(rate) =" : "at \(rate) or the minimum per unit makes"
    return "\(place): \(units) \(count), base \(money(base)) \(sum) \(money(earned)) \(currency)"
  }

  /// Whether the rate makes what was earned, and no minimum per unit; both were cut to a nano.
  private var isByRate: Bool {
    let exact = Int128(base) * Int128(ratePPM) - Int128(earned) * 1_000_000
    return exact.magnitude <= 2_000_000
  }
}

extension TracedSales.Terms {
  fileprivate func sentences(_ currency: Currency) -> [String] {
    func sentence(_ nanos: Int64, _ what: String) -> String? {
      nanos == 0 ? nil : "\(Amount(nanos: nanos, currency: currency)) \(what)"
    }
    return [
      sentence(max(0, reserved + released), "is held back against returns"),
      sentence(
        released + max(0, -reserved - released), "is released from the reserve against returns"),
      sentence(max(0, recouped), "is kept for advances and costs"),
      sentence(max(0, -recouped), "that was kept for advances and costs is given back"),
      sentence(advanced, "is paid ahead"), sentence(guaranteed, "for the guaranteed minimum"),
    ].compactMap(\.self)
  }
}

extension Trace.Part {
  /// Where it went.
  public var destination: String {
    switch taking.kind {
    case .payout: "payout \(taking.payout.map(\.description) ?? "")"
    case .fee: "a submission fee"
    case .gift: "given to the house"
    case .returned: "taken back for units that came back"
    }
  }
}
