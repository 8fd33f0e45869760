import Ledger

/// Nanos as decimals with all nine digits behind the point, as texts that are hashed or exported
/// write them: one amount has one text.
public enum NineDigits {
  public static func text(_ nanos: Int64) -> String { text(Int128(nanos)) }

  public static func text(_ nanos: Int128) -> String {
    DecimalText.of(nanos.magnitude, scale: 9, least: 9, sign: nanos < 0 ? "-" : "")
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
