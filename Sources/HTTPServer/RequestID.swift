/// The caller's `X-Request-Id` when it is sane: at most 64 letters, digits and `-_.:`.
func acceptedRequestID(_ text: String?) -> String? {
  guard let text, (1...64).contains(text.utf8.count) else { return nil }
  let isSane = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: false
    }
  }
  return isSane ? text : nil
}

/// Random numbers for request and span ids: quick, seeded by the kernel, no secrets come from it.
struct QuickRandom: RandomNumberGenerator {
  private var state = SystemRandomNumberGenerator.seed()

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension SystemRandomNumberGenerator {
  fileprivate static func seed() -> UInt64 {
    var random = SystemRandomNumberGenerator()
    return random.next()
  }
}
