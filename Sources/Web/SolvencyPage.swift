import Coinvent

/// What members are owed, next to what is set aside for it, for everybody to read.
public struct SolvencyPage: Sendable {
  let solvency: Solvency

  public init(_ solvency: Solvency) { self.solvency = solvency }

  public var bytes: [UInt8] {
    HTML.page(
      "Owed and set aside",
      """
      <h1>Owed and set aside</h1>
      <p>What members are owed belongs to them. This is what they are owed all together, next to \
      the money that is set aside for it, at the end of <time>\(solvency.at.description)</time> \
      (UTC).</p>
      \(solvency.lines.isEmpty ? "<p>Nobody is owed anything yet.</p>" : "")
      \(solvency.lines.map(section))
      <section aria-labelledby="data"><h2 id="data">The figures as data</h2>
      <p>Members read them at <code>/v1/solvency</code>, by day or month. Owed is what they may be \
      paid, what is on its way to them, and what a settlement is delivering. Set aside is what was \
      deposited less what was paid out.</p></section>
      """)
  }

  private func section(_ line: Solvency.Line) -> HTML {
    let code = line.currency.code
    return """
      <section aria-labelledby="\(code)"><h2 id="\(code)">\(code)</h2>
      <p>Owed <strong>\(NineDigits.short(line.owed))</strong>, set aside \
      <strong>\(NineDigits.short(line.setAside))</strong>: \(verdict(line)).</p>
      \(SolvencyPicture.lines(line))
      <table><caption>\(code) at the end of each month</caption>
      <thead><tr><th scope="col">Day</th><th scope="col" class="number">Owed</th>
      <th scope="col" class="number">Set aside</th></tr></thead>
      <tbody>\(line.series.reversed().map(row))</tbody></table></section>
      """
  }

  private func verdict(_ line: Solvency.Line) -> HTML {
    if line.surplus >= 0 { return "everything owed is set aside" }
    return "<strong>\(NineDigits.short(-line.surplus)) are missing</strong>"
  }

  private func row(_ point: Solvency.Point) -> HTML {
    """
    <tr><th scope="row"><time>\(point.day.description)</time></th>
    <td class="number">\(NineDigits.short(point.owed))</td>
    <td class="number">\(NineDigits.short(point.setAside))</td></tr>

    """
  }
}

/// Two lines over time, drawn here and not by a script; the table below them says the same.
enum SolvencyPicture {
  static func lines(_ line: Solvency.Line) -> HTML {
    let owed: [Int128] = line.series.map(\.owed)
    let aside: [Int128] = line.series.map(\.setAside)
    let low = min(owed.min() ?? 0, aside.min() ?? 0, 0)
    let high = max(owed.max() ?? 0, aside.max() ?? 0, 0)
    guard let first = line.series.first, let last = line.series.last, first != last, low < high
    else { return "" }
    let words = "\(line.currency.code): owed and set aside from \(first.day) to \(last.day)"
    func height(_ value: Int128) -> Int64 { 280 - Int64((value - low) * 260 / (high - low)) }
    func path(_ values: [Int128]) -> String {
      var points: [String] = []
      for (place, value) in values.enumerated() {
        points.append("\(20 + place * 960 / (values.count - 1)),\(height(value))")
      }
      return points.joined(separator: " ")
    }
    let zero = height(0)
    return """
      <svg class="curve" viewBox="0 0 1000 300" role="img" aria-label="\(words)">
      <line class="axis" x1="20" y1="\(zero)" x2="980" y2="\(zero)"></line>
      <polyline class="aside" points="\(path(aside))"></polyline>
      <polyline class="owed" points="\(path(owed))"></polyline></svg>
      <p class="legend"><span class="owed">━ owed</span> \
      <span class="aside">┅ set aside</span></p>
      """
  }
}

extension NineDigits {
  /// With two digits behind the point at least, and no zeros behind those.
  static func short(_ nanos: Int128) -> String {
    var text = self.text(nanos)
    while text.hasSuffix("0"), text.suffix(3).first != "." { text.removeLast() }
    return text
  }
}
