/// The second half of a TypeID: 128 bits as 26 characters of Crockford's base32, lower case, with
/// two zero bits in front.
enum TypeIDSuffix {
  static let length = 26
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xff, count: 256)
    for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  static func encode(_ bits: UInt128) -> String {
    String(unsafeUninitializedCapacity: length) { text in
      var rest = bits
      for place in (0..<length).reversed() {
        text[place] = alphabet[Int(truncatingIfNeeded: rest & 31)]
        rest >>= 5
      }
      return length
    }
  }

  /// - Returns: nil for a wrong length, a letter outside the alphabet, more than 128 bits.
  static func decode(_ text: some Collection<UInt8>) -> UInt128? {
    guard text.count == length, let first = text.first, values[Int(first)] <= 7 else { return nil }
    var bits: UInt128 = 0
    for letter in text {
      let value = values[Int(letter)]
      guard value < 32 else { return nil }
      bits = bits << 5 | UInt128(value)
    }
    return bits
  }
}
