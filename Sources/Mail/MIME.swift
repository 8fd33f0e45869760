import Coinvent
import Postgres

/// The few forms that a mail's text needs. RFC 5322, 2045 and 2047.
enum MIME {
  /// Base64 in lines of 76 letters.
  static func base64(_ text: String) -> String {
    let letters = Array(encode(Array(text.utf8)).utf8)
    var lines = ""
    for start in stride(from: 0, to: letters.count, by: 76) {
      let line = letters[start..<min(start + 76, letters.count)]
      lines += String(decoding: line, as: UTF8.self) + "\r\n"
    }
    return lines
  }

  private static func encode(_ bytes: [UInt8]) -> String {
    let text = Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
    return String(text) + String(repeating: "=", count: (3 - bytes.count % 3) % 3)
  }

  /// A field's value of free text: as it is when that is plain and short, and in encoded words of
  /// at most 75 letters otherwise. Line ends and other controls become spaces, so that no text
  /// makes a field of its own.
  static func words(_ text: String) -> String {
    let clean = String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
    let isPlain = clean.utf8.allSatisfy { $0 < 127 } && !clean.utf8.contains(UInt8(ascii: "="))
    if isPlain, clean.utf8.count <= 60, !clean.hasPrefix(" "), !clean.hasSuffix(" ") {
      return clean
    }
    var words: [String] = []
    var bytes: [UInt8] = []
    for scalar in clean.unicodeScalars {
      let next = Array(String(scalar).utf8)
      // 39 bytes are 52 letters, with 12 around them and the field's name before the first.
      if bytes.count + next.count > 39 {
        words.append("=?UTF-8?B?\(encode(bytes))?=")
        bytes = []
      }
      bytes += next
    }
    if !bytes.isEmpty { words.append("=?UTF-8?B?\(encode(bytes))?=") }
    return words.joined(separator: "\r\n ")
  }

  /// A name before an address: quoted when it is plain.
  static func phrase(_ name: String) -> String {
    let words = words(name)
    if words.hasPrefix("=?") { return words }
    let escaped = words.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
    return "\"\(escaped)\""
  }

  /// `Wed, 25 Nov 2026 08:00:00 +0000`
  static func date(_ time: Timestamp) -> String {
    let day = time.day
    let (year, month, date) = day.parts
    let seconds = Int((time.microseconds - day.start.microseconds) / 1_000_000)
    // The first day of 1970 was a Thursday.
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][((day.number % 7) + 7) % 7]
    let name = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ][month - 1]
    return "\(weekday), \(date) \(name) \(year) \(two(seconds / 3600)):\(two(seconds / 60 % 60)):"
      + "\(two(seconds % 60)) +0000"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// An address that can be mailed: `name@host`, of the plain letters that need no quoting.
public struct MailAddress: Sendable, Equatable {
  public let text: String

  /// - Returns: nil for anything else. Addresses with other letters need SMTPUTF8, which is not
  ///   spoken here.
  public init?(_ text: String) {
    let sides = text.split(separator: "@", omittingEmptySubsequences: false)
    guard sides.count == 2, text.utf8.count <= 254, (1...64).contains(sides[0].utf8.count),
      sides[0].utf8.allSatisfy(MailAddress.isLocal), !sides[1].isEmpty,
      sides[1].utf8.allSatisfy({ MailAddress.isHost($0) }), !sides[0].hasPrefix("-"),
      !sides[1].hasPrefix("-"), !sides[1].hasPrefix("."), !sides[1].hasSuffix(".")
    else { return nil }
    self.text = text
  }

  /// What stands behind the `@`.
  var host: Substring { text.split(separator: "@").last ?? "localhost" }

  private static func isHost(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  private static func isLocal(_ byte: UInt8) -> Bool {
    isHost(byte) || "!#$%&'*+/=?^_`{|}~".utf8.contains(byte)
  }
}
