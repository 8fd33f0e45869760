import CMicroHTTPD

/// The raw head of a request as libmicrohttpd holds it, and the rules that the library leaves to
/// its user.
///
/// libmicrohttpd 0.9.75 accepts bare LF and folded lines and ends a value at a NUL, all of which
/// lets two servers see two different requests in the same bytes. It parses in place, so the names
/// and values it reports lie in its buffer where they were received, CR and LF replaced by two
/// zeros. A head is well formed only if each part begins exactly two bytes behind the end of the
/// part before, and the head ends two bytes behind the last; a lone LF leaves one byte, a folded
/// line and a NUL leave more. Other versions of the library are not asked for this, as their
/// buffers may differ.
struct HeadInspection {
  struct Field {
    let name: UnsafeBufferPointer<UInt8>
    let value: UnsafeBufferPointer<UInt8>
  }

  static let layoutIsKnown = String(cString: MHD_get_version()) == "0.9.75"

  let method: UnsafePointer<CChar>
  let url: UnsafePointer<CChar>
  let version: UnsafePointer<CChar>
  let targetLength: Int
  /// From the first byte of the method to behind the empty line.
  let headLength: Int
  var fields: [Field] = []

  /// Reads the fields that the library found.
  mutating func collect(_ handle: OpaquePointer) {
    withUnsafeMutablePointer(to: &fields) { list in
      _ = MHD_get_connection_values_n(
        handle, .HEADER_KIND,
        { list, _, name, nameSize, value, valueSize in
          guard let list, let name else { return .NO }
          list.assumingMemoryBound(to: [Field].self).pointee.append(
            Field(name: bytes(name, nameSize), value: bytes(value, valueSize)))
          return .YES
        }, list)
    }
  }

  /// What is wrong with the lines; nil when nothing is.
  func faultInLayout() -> String? {
    guard HeadInspection.layoutIsKnown else { return nil }
    let methodEnd = method + length(method)
    guard url == methodEnd + 1, version == url + targetLength + 1 else {
      return "The request line has more than two single spaces."
    }
    var expected = UnsafeRawPointer(version + length(version) + 2)
    for field in fields {
      guard let name = field.name.baseAddress, UnsafeRawPointer(name) == expected else {
        return "A line does not end with CR LF, is folded or contains NUL."
      }
      let end = field.value.baseAddress.map { $0 + field.value.count } ?? name + field.name.count
      expected = UnsafeRawPointer(end + 2)
    }
    return expected + 2 == UnsafeRawPointer(method + headLength)
      ? nil : "A line does not end with CR LF, is folded or contains NUL."
  }

  private func length(_ text: UnsafePointer<CChar>) -> Int {
    var length = 0
    while text[length] != 0 { length += 1 }
    return length
  }
}

private func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
  UnsafeBufferPointer(
    start: UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self), count: count)
}

extension HeadInspection {
  /// The fields as text, each name and value checked.
  func headers() -> Headers? {
    var headers = Headers()
    for field in fields {
      guard isToken(field.name), field.value.allSatisfy(isFieldByte) else { return nil }
      headers.addChecked(
        String(decoding: field.name, as: UTF8.self),
        String(decoding: trimmed(field.value), as: UTF8.self))
    }
    return headers
  }

  private func isFieldByte(_ byte: UInt8) -> Bool {
    (byte >= 0x20 && byte != 0x7F) || byte == 9
  }

  private func trimmed(_ value: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
    var end = value.endIndex
    while end > value.startIndex, value[end - 1] == 0x20 || value[end - 1] == 9 { end -= 1 }
    return value[value.startIndex..<end]
  }
}

/// How the body of a request is delimited.
enum Framing: Equatable {
  case none
  case length(Int)
  case chunked
  case faulty(String)

  init(_ headers: Headers, version: String) {
    let lengths = headers.all("Content-Length")
    let codings = headers.all("Transfer-Encoding")
    if !codings.isEmpty {
      self = Framing.coding(codings, hasLength: !lengths.isEmpty, version: version)
    } else if let text = lengths.first {
      self = Framing.length(text, repeated: lengths.count > 1)
    } else {
      self = .none
    }
  }

  private static func coding(_ codings: [String], hasLength: Bool, version: String) -> Framing {
    if hasLength { return .faulty("Content-Length and Transfer-Encoding exclude each other.") }
    guard codings.count == 1, sameName(codings[0], "chunked") else {
      return .faulty("The only Transfer-Encoding understood is chunked.")
    }
    if version == "HTTP/1.0" { return .faulty("HTTP/1.0 has no Transfer-Encoding.") }
    return .chunked
  }

  private static func length(_ text: String, repeated: Bool) -> Framing {
    if repeated { return .faulty("Content-Length is there more than once.") }
    let isNumber = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isNumber, let length = Int(text) else {
      return .faulty("Content-Length is not a whole number.")
    }
    return .length(length)
  }
}

/// Why the Host field is refused; nil when it is as it should be.
func faultInHost(_ headers: Headers, version: String) -> String? {
  let hosts = headers.all("Host")
  if hosts.count > 1 { return "Host is there more than once." }
  guard let host = hosts.first else {
    return version == "HTTP/1.0" ? nil : "Host is missing."
  }
  let isSane = host.utf8.allSatisfy { byte in
    byte > 0x20 && byte < 0x7F && !"/\\?#@,\"<>{}|^`".utf8.contains(byte)
  }
  return isSane ? nil : "Host is not a host name with an optional port."
}
