import Glibc

/// Builds one flat JSON object; the module has no JSON of its own to depend on.
struct LogLine {
  private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]

  init() { bytes.reserveCapacity(384) }

  mutating func field(_ name: StaticString, _ text: String) {
    key(name)
    quote(text)
  }

  mutating func field(_ name: StaticString, _ number: Int) {
    key(name)
    bytes += String(number).utf8
  }

  /// The line with its closing brace and line break.
  consuming func finished() -> [UInt8] {
    bytes.append(UInt8(ascii: "}"))
    bytes.append(10)
    return bytes
  }

  private mutating func key(_ name: StaticString) {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes += $0 }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte < 0x20 {
        bytes += "\\u00".utf8
        bytes += hexadecimal(UInt64(byte)).utf8.suffix(2)
      } else {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
          bytes.append(UInt8(ascii: "\\"))
        }
        bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// The wall clock as RFC 3339 text; keeps the text of the current second.
struct WallClock {
  private var second = time_t(-1)
  private var text = ""

  mutating func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    if time.tv_sec != second {
      second = time.tv_sec
      text = formatted(second, "%Y-%m-%dT%H:%M:%S.")
    }
    let micros = String(time.tv_nsec / 1000)
    return text + String(repeating: "0", count: 6 - micros.count) + micros + "Z"
  }

  /// The `Date` of an answer, as HTTP writes it.
  static func httpDate() -> String { formatted(Glibc.time(nil), "%a, %d %b %Y %H:%M:%S GMT") }
}

private func formatted(_ second: time_t, _ format: String) -> String {
  var second = second
  var parts = tm()
  gmtime_r(&second, &parts)
  var text = [CChar](repeating: 0, count: 64)
  let count = strftime(&text, text.count, format, &parts)
  return String(decoding: text.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
}
