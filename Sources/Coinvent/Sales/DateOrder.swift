/// In which order a report writes days whose year comes last.
public enum DateOrder: String, Sendable, CaseIterable {
  /// 31/01/2026
  case dayFirst = "day_first"
  /// 01/31/2026; with points the day still comes first.
  case monthFirst = "month_first"

  /// What is wrong with a day that may be read both ways when no order is given; nil when nothing
  /// is.
  static func fault(_ text: String) -> String? {
    let day = text.prefix { $0 != " " }
    for separator in ["-", "/"] as [Character] {
      let parts = day.split(separator: separator)
      guard parts.count == 3, parts[0].count <= 2, let first = Int(parts[0]),
        let second = Int(parts[1]), first <= 12, second <= 12, first != second
      else { continue }
      return "\"\(text)\" may be two days; say \"dates\":\"\(dayFirst.rawValue)\" or "
        + "\"dates\":\"\(monthFirst.rawValue)\" in the mapping"
    }
    return nil
  }
}
