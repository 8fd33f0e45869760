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
    fields.reserveCapacity(16)
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
