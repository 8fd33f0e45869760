import Mail

/// How the text of a setting becomes a value. Each answers nil for text that is not one.
enum SettingText {
  static func whole(_ text: String, _ range: ClosedRange<Int>) -> Int? {
    guard let number = Int(text), range.contains(number) else { return nil }
    return number
  }

  /// `500ms`, `90s`, `15m`, `12h` or `30d`; never zero.
  static func time(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int64(digits), count > 0, count < 1_000_000_000 else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": return .milliseconds(count)
    case "s": return .seconds(count)
    case "m": return .seconds(count * 60)
    case "h": return .seconds(count * 3600)
    case "d": return .seconds(count * 86_400)
    default: return nil
    }
  }

  /// A decimal amount without sign, in nanos of a major unit.
  static func amount(_ text: String) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count <= 2, isDigits(first), first.count <= 9,
      let major = Int64(first)
    else { return nil }
    guard parts.count == 2 else { return major * 1_000_000_000 }
    guard isDigits(parts[1]), parts[1].count <= 9 else { return nil }
    let padded = parts[1] + String(repeating: "0", count: 9 - parts[1].count)
    return Int64(padded).map { major * 1_000_000_000 + $0 }
  }

  /// `http://host[:port][/path]` or the same with https.
  static func webAddress(_ text: String) -> String? {
    for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
      let rest = text.dropFirst(scheme.count)
      guard let first = rest.first, first != "/", !text.contains(" ") else { return nil }
      return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
    return nil
  }

  /// `smtp://host[:port]` or `smtps://host[:port]`.
  static func mailServer(_ text: String) -> String? {
    let hosts = ["smtp://", "smtps://"].filter(text.hasPrefix).map { text.dropFirst($0.count) }
    guard let host = hosts.first, !host.isEmpty, !host.hasPrefix(":"),
      !host.contains(where: { "/@? ".contains($0) })
    else { return nil }
    return text
  }

  /// `name@host` or `Some name <name@host>`.
  static func mailSender(_ text: String) -> (address: MailAddress, name: String)? {
    guard text.hasSuffix(">"), let start = text.lastIndex(of: "<") else {
      return MailAddress(text).map { ($0, "Coinvent") }
    }
    let name = text[..<start].drop { $0 == " " }
    let end = name.lastIndex { $0 != " " }.map { name.index(after: $0) } ?? name.startIndex
    guard let address = MailAddress(String(text[text.index(after: start)...].dropLast())),
      !name[..<end].isEmpty
    else { return nil }
    return (address, String(name[..<end]))
  }

  /// A libpq connection string: a URI or keywords.
  static func database(_ text: String) -> String? {
    if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") { return text }
    return text.contains("=") && !text.contains("://") ? text : nil
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }
}
