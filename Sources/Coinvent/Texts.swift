extension String {
  /// Without blanks and line ends at both sides.
  var trimmed: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
  }

  /// What is wrong with a text of members; nil when nothing is. Characters are counted as the
  /// database counts them, by code points.
  func fault(_ range: ClosedRange<Int>, lines: Bool = false) -> String? {
    guard range.contains(unicodeScalars.count) else {
      return "must have \(range.lowerBound) to \(range.upperBound) characters"
    }
    let isBad = unicodeScalars.contains { scalar in
      if lines && (scalar == "\n" || scalar == "\t" || scalar == "\r") { return false }
      return scalar.properties.generalCategory == .control
    }
    return isBad ? "must not hold control characters" : nil
  }
}
