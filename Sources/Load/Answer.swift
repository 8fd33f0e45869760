import Glibc

/// The part of an answer that a load generator looks at.
struct Answer: Equatable {
  let status: Int
  /// Bytes of head and body.
  let length: Int

  /// Reads the head of an answer to anything but HEAD.
  /// - Returns: nil while the head is not complete, or when it is none that can be measured by its
  ///   Content-Length.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard let head = Answer.headLength(bytes), head > 15 else { return nil }
    let digits = (9..<12).map { Int(bytes[$0]) - 48 }
    guard digits.allSatisfy((0...9).contains) else { return nil }
    status = digits[0] * 100 + digits[1] * 10 + digits[2]
    let body = Answer.value(of: "Content-Length: ", in: bytes, head)
    guard body != nil || status == 204 || status == 304 else { return nil }
    var size = 0
    for digit in body ?? UnsafeRawBufferPointer(start: nil, count: 0)
    where (48...57).contains(digit) { size = size * 10 + Int(digit) - 48 }
    length = head + (status == 304 ? 0 : size)
  }

  /// Bytes up to the body; nil when the empty line is not there yet.
  private static func headLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
    var place = 0
    while let end = lineEnd(in: bytes, from: place) {
      if end == place { return end + 2 }
      place = end + 2
    }
    return nil
  }

  /// The value of a field whose name is written as servers write it, with colon and space.
  static func value(of name: StaticString, in bytes: UnsafeRawBufferPointer, _ head: Int)
    -> UnsafeRawBufferPointer?
  {
    let size = name.utf8CodeUnitCount
    var place = 0
    while place < head, let end = lineEnd(in: bytes, from: place) {
      if end - place > size, let start = bytes.baseAddress,
        memcmp(start + place, name.utf8Start, size) == 0
      {
        return UnsafeRawBufferPointer(rebasing: bytes[(place + size)..<end])
      }
      place = end + 2
    }
    return nil
  }

  /// Where the next CR LF begins.
  private static func lineEnd(in bytes: UnsafeRawBufferPointer, from place: Int) -> Int? {
    guard let start = bytes.baseAddress, place < bytes.count,
      let found = memchr(start + place, 13, bytes.count - place)
    else { return nil }
    let end = UnsafeRawPointer(found) - start
    return end + 1 < bytes.count && bytes[end + 1] == 10 ? end : nil
  }
}
