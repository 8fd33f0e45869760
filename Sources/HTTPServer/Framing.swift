/// How the body of a request is delimited.
enum Framing: Equatable {
  case none
  case length(Int)
  case chunked
  case faulty(String)

  init(_ fields: Fields, isOld: Bool) {
    if fields.codings.count > 0 {
      self = Framing.coding(fields, isOld: isOld)
    } else if fields.lengths.count > 0 {
      self = Framing.length(fields.lengths)
    } else {
      self = .none
    }
  }

  private static func coding(_ fields: Fields, isOld: Bool) -> Framing {
    if fields.lengths.count > 0 {
      return .faulty("Content-Length and Transfer-Encoding exclude each other.")
    }
    guard fields.codings.count == 1, sameName(fields.codings.first, "chunked") else {
      return .faulty("The only Transfer-Encoding understood is chunked.")
    }
    return isOld ? .faulty("HTTP/1.0 has no Transfer-Encoding.") : .chunked
  }

  private static func length(_ field: Fields.Repeated) -> Framing {
    if field.count > 1 { return .faulty("Content-Length is there more than once.") }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard field.first.utf8.allSatisfy({ digits.contains($0) }), let length = Int(field.first)
    else { return .faulty("Content-Length is not a whole number.") }
    return .length(length)
  }
}

/// Why the Host field is refused; nil when it is as it should be.
func faultInHost(_ hosts: Fields.Repeated, isOld: Bool) -> String? {
  if hosts.count == 0 { return isOld ? nil : "Host is missing." }
  if hosts.count > 1 { return "Host is there more than once." }
  return hosts.first.utf8.allSatisfy(isHostByte)
    ? nil : "Host is not a host name with an optional port."
}

private func isHostByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
    UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "_"),
    UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: "!"), UInt8(ascii: "$"),
    UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
    UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ";"), UInt8(ascii: "="):
    true
  default: false
  }
}
