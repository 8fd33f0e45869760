/// An address of the web that people are sent to: http or https, a host, nothing in disguise.
///
/// The form is that of RFC 3986; a name and password in front of the host are not taken, as they
/// serve to look like another host.
enum WebAddress {
  /// What is wrong with it; nil when nothing is.
  static func fault(_ text: String) -> String? {
    guard (1...2000).contains(text.utf8.count) else { return "must have 1 to 2000 characters" }
    let lower = text.lowercased()
    guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else {
      return "must begin with https:// or http://"
    }
    guard isPlain(text.utf8) else {
      return "must be written in ASCII, with everything else percent-encoded"
    }
    let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return isHost(authority) ? nil : "must name a host, such as https://example.org/page"
  }

  private static let signs = Set("-._~:/?#[]@!$&'()*+,;=%".utf8)

  private static func isPlain(_ text: String.UTF8View) -> Bool {
    let bytes = Array(text)
    for (place, byte) in bytes.enumerated() {
      guard isWord(byte) || signs.contains(byte) else { return false }
      if byte == UInt8(ascii: "%") {
        guard place + 2 < bytes.count, isHex(bytes[place + 1]), isHex(bytes[place + 2]) else {
          return false
        }
      }
    }
    return true
  }

  private static func isHost(_ authority: Substring) -> Bool {
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return false }
      let inner = authority[..<end].dropFirst().utf8
      let isAddress =
        inner.contains(UInt8(ascii: ":"))
        && inner.allSatisfy { isHex($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
      return isAddress && isPort(authority[end...].dropFirst())
    }
    let name = authority.prefix { $0 != ":" }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    let whole = labels.last == "" ? labels.dropLast() : labels[...]
    let areLabels =
      !whole.isEmpty
      && whole.allSatisfy { label in
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
          && label.utf8.allSatisfy {
            isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
          }
      }
    return areLabels && name.utf8.count <= 253 && isPort(authority.dropFirst(name.count))
  }

  private static func isPort(_ text: Substring) -> Bool {
    if text.isEmpty { return true }
    guard text.first == ":", let port = UInt16(text.dropFirst()) else { return false }
    return port > 0
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
