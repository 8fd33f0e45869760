/// How a report writes numbers.
///
/// A sign that fits neither way is refused and never dropped: read the other way, 25,99 would be
/// 2599, and so would be the total that it is checked against.
public enum MappedNumbers: String, Sendable, CaseIterable {
  /// 1,234.50
  case point
  /// 1.234,50
  case comma
  /// 1234.50 or 1234,50: shops that write as the country does, without signs between thousands.
  case either

  /// The number as we write it: a point, and nothing between thousands; nil when its signs do not
  /// fit.
  func plain(_ text: String) -> String? {
    let text = text.filter { !$0.isWhitespace && $0 != "'" }
    switch self {
    case .point: return Self.plain(text, decimal: ".", thousands: ",")
    case .comma: return Self.plain(text, decimal: ",", thousands: ".")
    case .either:
      let signs = text.filter { $0 == "." || $0 == "," }
      guard let sign = signs.first else { return text }
      // Three digits may be thousands or a fraction.
      guard signs.count == 1, text.split(separator: sign).last?.count != 3 else { return nil }
      return text.replacing(",", with: ".")
    }
  }

  private static func plain(_ text: String, decimal: Character, thousands: Character) -> String? {
    guard text.contains(thousands) else { return text.replacing(String(decimal), with: ".") }
    let parts = text.split(separator: decimal, omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.count < 2 || !parts[1].contains(thousands) else { return nil }
    // In India there are two digits between the signs, but for the last three.
    let groups = parts[0].drop { $0 == "-" || $0 == "+" }
      .split(separator: thousands, omittingEmptySubsequences: false)
    guard (1...3).contains(groups[0].count), groups.last?.count == 3,
      groups.dropFirst().allSatisfy({ (2...3).contains($0.count) })
    else { return nil }
    let whole = parts[0].filter { $0 != thousands }
    return parts.count == 2 ? "\(whole).\(parts[1])" : whole
  }

  /// What is wrong with a number whose signs do not fit.
  func fault(_ text: String) -> String {
    switch self {
    case .point:
      "\"\(text)\" has a comma that does not stand between thousands; if it is the decimal sign, "
        + "say \"decimal\":\"comma\" in the mapping"
    case .comma:
      "\"\(text)\" has a point that does not stand between thousands; if it is the decimal sign, "
        + "say \"decimal\":\"point\" in the mapping"
    case .either:
      "\"\(text)\" may be read in two ways; say \"decimal\":\"point\" or \"comma\" in the mapping"
    }
  }
}
