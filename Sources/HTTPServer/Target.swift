/// What a request asks for, taken apart: path, decoded segments and query.
struct Target: Sendable {
  let path: String
  let segments: [String]
  let query: QueryItems

  /// Nil for a target that no honest client sends: no slash first, not ASCII, with spaces or
  /// control characters, with broken escapes, with NUL or with text that is not UTF-8.
  init?(_ text: String) {
    var text = text
    var hasQuery = false
    let isClean = text.withUTF8 { bytes in
      for byte in bytes {
        if byte <= 0x20 || byte >= 0x7F || byte == UInt8(ascii: "#") { return false }
        if byte == UInt8(ascii: "?") { hasQuery = true }
      }
      return true
    }
    guard isClean else { return nil }
    if !hasQuery && text.utf8.first == UInt8(ascii: "/") {
      // Most targets: nothing to take off at either end.
      guard let segments = Target.segments(of: text) else { return nil }
      path = text
      self.segments = segments
      query = QueryItems()
      return
    }
    let origin = Target.withoutAuthority(text)
    guard origin.utf8.first == UInt8(ascii: "/") || origin == "*" else { return nil }
    let mark = origin.utf8.firstIndex(of: UInt8(ascii: "?")) ?? origin.endIndex
    path = String(origin[..<mark])
    guard let segments = Target.segments(of: path) else { return nil }
    self.segments = segments
    if mark == origin.endIndex {
      query = QueryItems()
    } else {
      guard let query = QueryItems(origin[origin.index(after: mark)...].utf8) else { return nil }
      self.query = query
    }
  }

  /// A proxy's absolute form, `http://host/path`, means the path.
  private static func withoutAuthority(_ text: String) -> Substring {
    let schemes = ["http://", "https://"]
    guard text.utf8.first != UInt8(ascii: "/"),
      let scheme = schemes.first(where: { text.hasPrefix($0) })
    else { return text[...] }
    let rest = text.dropFirst(scheme.count)
    guard let slash = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
    return rest[slash] == "/" ? rest[slash...] : "/" + rest[slash...]
  }

  private static func segments(of path: String) -> [String]? {
    if path == "/" || path == "*" { return [] }
    var path = path
    return path.withUTF8 { bytes in
      var segments: [String] = []
      segments.reserveCapacity(8)
      var start = 1
      while start <= bytes.count {
        var end = start
        var isPlain = true
        while end < bytes.count, bytes[end] != UInt8(ascii: "/") {
          if bytes[end] == UInt8(ascii: "%") { isPlain = false }
          end += 1
        }
        let part = UnsafeBufferPointer(rebasing: bytes[start..<end])
        if isPlain {
          segments.append(String(decoding: part, as: UTF8.self))
        } else {
          let text = String(decoding: part, as: UTF8.self)
          guard let segment = percentDecoded(text[...].utf8, plusIsSpace: false) else { return nil }
          segments.append(segment)
        }
        start = end + 1
      }
      return segments
    }
  }
}

/// The text with its %XX escapes resolved; nil for a broken escape, NUL, or what is not UTF-8.
func percentDecoded(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String? {
  let plus = UInt8(ascii: "+")
  let percent = UInt8(ascii: "%")
  if !text.contains(where: { $0 == percent || $0 >= 0x80 || (plusIsSpace && $0 == plus) }) {
    return String(Substring(text))
  }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.count)
  var iterator = text.makeIterator()
  while let byte = iterator.next() {
    if byte == percent {
      guard let high = hexadecimalValue(iterator.next()),
        let low = hexadecimalValue(iterator.next())
      else { return nil }
      bytes.append(high << 4 | low)
    } else {
      bytes.append(plusIsSpace && byte == plus ? 0x20 : byte)
    }
  }
  return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
}

func hexadecimalValue(_ digit: UInt8?) -> UInt8? {
  switch digit {
  case let digit? where digit >= UInt8(ascii: "0") && digit <= UInt8(ascii: "9"):
    digit - UInt8(ascii: "0")
  case let digit? where digit >= UInt8(ascii: "a") && digit <= UInt8(ascii: "f"):
    digit - UInt8(ascii: "a") + 10
  case let digit? where digit >= UInt8(ascii: "A") && digit <= UInt8(ascii: "F"):
    digit - UInt8(ascii: "A") + 10
  default: nil
  }
}
