/// Keeps spreadsheets from taking texts of members for formulas.
///
/// A text whose first character other than `'` is one of `= + - @`, a tab or a carriage return gets
/// a `'` in front; reading takes one away again, so that every text comes back as it was.
///
/// <https://owasp.org/www-community/attacks/CSV_Injection>
public enum CSVGuard {
  public static func isNeeded(_ text: some Sequence<UInt8>) -> Bool {
    for byte in text where byte != UInt8(ascii: "'") {
      switch byte {
      case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 9, 13:
        return true
      default: return false
      }
    }
    return false
  }

  /// A text as it was before it was guarded.
  public static func undo(_ text: String) -> String {
    text.utf8.first == UInt8(ascii: "'") && isNeeded(text.utf8) ? String(text.dropFirst()) : text
  }
}
