/// Whole numbers of 10^-scale as decimal text, exact to the last digit.
public enum DecimalText {
  /// `of(12_500, scale: 3, least: 2)` is `12.50`.
  /// - Parameters:
  ///   - magnitude: in units of 10^-scale.
  ///   - scale: digits after the point, at the most 38.
  ///   - least: so many of them are kept even when they are zeros.
  ///   - sign: what stands before the digits.
  public static func of(
    _ magnitude: UInt128, scale: Int, least: Int, sign: StaticString = ""
  ) -> String {
    precondition((0...38).contains(scale), "no such scale")
    // So many digits have 128 bits, and so many a zero before the point and 38 after it.
    let room = 39
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { digits in
      var start = room
      var rest = magnitude
      // 64 bits divide several times as fast as 128.
      while rest > UInt128(UInt64.max) {
        let (high, low) = rest.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
        write(UInt64(low), 18, into: digits, &start)
        rest = high
      }
      write(UInt64(rest), 0, into: digits, &start)
      while room - start <= scale {
        start -= 1
        digits[start] = UInt8(ascii: "0")
      }
      let point = room - scale
      var end = room
      while end > point + least, digits[end - 1] == UInt8(ascii: "0") { end -= 1 }
      return text(
        sign, UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[start..<point]),
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[point..<end]))
    }
  }

  /// Writes digits before `start`, at least so many.
  private static func write(
    _ value: UInt64, _ least: Int, into digits: UnsafeMutableBufferPointer<UInt8>,
    _ start: inout Int
  ) {
    var rest = value
    let end = start
    while rest > 0 || end - start < least {
      start -= 1
      digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  private static func text(
    _ sign: StaticString, _ whole: UnsafeRawBufferPointer, _ fraction: UnsafeRawBufferPointer
  ) -> String {
    let count = sign.utf8CodeUnitCount + whole.count
    return String(unsafeUninitializedCapacity: count + 1 + fraction.count) { bytes in
      let text = UnsafeMutableRawBufferPointer(bytes)
      text.copyMemory(
        from: UnsafeRawBufferPointer(start: sign.utf8Start, count: sign.utf8CodeUnitCount))
      UnsafeMutableRawBufferPointer(rebasing: text[sign.utf8CodeUnitCount...]).copyMemory(
        from: whole)
      if fraction.isEmpty { return count }
      text[count] = UInt8(ascii: ".")
      UnsafeMutableRawBufferPointer(rebasing: text[(count + 1)...]).copyMemory(from: fraction)
      return count + 1 + fraction.count
    }
  }
}
