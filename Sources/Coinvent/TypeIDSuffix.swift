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
    String(unsafeUninitializedCapacity: length) { write(bits, into: $0, at: 0) }
  }

  /// - Returns: the end of what was written.
  static func write(
    _ bits: UInt128, into text: UnsafeMutableBufferPointer<UInt8>, at start: Int
  ) -> Int {
    alphabet.withUnsafeBufferPointer { alphabet in
      // In words of 60 bits, as shifts of 128 bits are slow.
      var low = UInt64(truncatingIfNeeded: bits)
      var high = UInt64(truncatingIfNeeded: bits >> 60)
      for place in (14..<length).reversed() {
        text[start + place] = alphabet[Int(low & 31)]
        low >>= 5
      }
      for place in (2..<14).reversed() {
        text[start + place] = alphabet[Int(high & 31)]
        high >>= 5
      }
      let top = UInt8(truncatingIfNeeded: bits >> 120)
      text[start + 1] = alphabet[Int(top & 31)]
      text[start] = alphabet[Int(top >> 5)]
    }
    return start + length
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
