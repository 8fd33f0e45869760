/// The fields of a head, checked, and those that the server itself goes by.
struct Fields {
  private(set) var headers = Headers()
  private(set) var hosts = Repeated()
  private(set) var lengths = Repeated()
  private(set) var codings = Repeated()
  private(set) var traceparents = Repeated()
  private(set) var requestID: String?
  private(set) var traceState: String?
  private(set) var expectsContinue = false

  /// A field that should be there once at most.
  struct Repeated {
    var count = 0
    var first = ""

    mutating func add(_ value: String) {
      if count == 0 { first = value }
      count += 1
    }
  }

  /// Nil when a name is no token or a value has a control character.
  init?(_ fields: [HeadInspection.Field]) {
    headers.reserve(fields.count)
    for field in fields {
      guard isToken(field.name), field.value.allSatisfy(isFieldByte) else { return nil }
      let value = String(decoding: trimmed(field.value), as: UTF8.self)
      headers.addChecked(String(decoding: field.name, as: UTF8.self), value)
      note(field.name, value)
    }
  }

  private mutating func note(_ name: UnsafeBufferPointer<UInt8>, _ value: String) {
    switch name.count {
    case 4 where isName(name, "host"): hosts.add(value)
    case 6 where isName(name, "expect"): expectsContinue = true
    case 10 where isName(name, "tracestate"):
      traceState = traceState.map { "\($0),\(value)" } ?? value
    case 11 where isName(name, "traceparent"): traceparents.add(value)
    case 12 where isName(name, "x-request-id"): requestID = requestID ?? value
    case 14 where isName(name, "content-length"): lengths.add(value)
    case 17 where isName(name, "transfer-encoding"): codings.add(value)
    default: break
    }
  }
}

private func isName(_ name: UnsafeBufferPointer<UInt8>, _ lowercaseName: StaticString) -> Bool {
  for place in 0..<name.count
  where lowercase(name[place]) != lowercaseName.utf8Start[place] {
    return false
  }
  return true
}

private func isFieldByte(_ byte: UInt8) -> Bool {
  (byte >= 0x20 && byte != 0x7F) || byte == 9
}

private func trimmed(_ value: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
  var end = value.endIndex
  while end > value.startIndex, value[end - 1] == 0x20 || value[end - 1] == 9 { end -= 1 }
  return UnsafeBufferPointer(rebasing: value[..<end])
}
