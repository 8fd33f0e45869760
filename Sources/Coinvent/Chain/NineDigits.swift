/// Nanos as decimals with all nine digits behind the point, as texts that are hashed or exported
/// write them: one amount has one text.
public enum NineDigits {
  public static func text(_ nanos: Int64) -> String { text(Int128(nanos)) }

  public static func text(_ nanos: Int128) -> String {
    let magnitude = nanos.magnitude
    let fraction = String(magnitude % 1_000_000_000)
    let digits = String(repeating: "0", count: 9 - fraction.count) + fraction
    return (nanos < 0 ? "-" : "") + "\(magnitude / 1_000_000_000)." + digits
  }

  /// - Returns: nil for every text that `text` does not write.
  public static func nanos(_ text: String) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.count == 9, let nanos = Int64(parts[0] + parts[1]),
      self.text(nanos) == text
    else { return nil }
    return nanos
  }
}
