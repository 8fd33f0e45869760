/// How the bytes of a file are letters.
public enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  /// What Windows writes in Western Europe and America; Latin-1 is the same where it has letters.
  case windows1252 = "windows-1252"
}

/// Makes UTF-8 of a file's bytes as they come, a chunk at a time.
struct TextDecoder {
  private var encoding: TextEncoding
  private var isBigEndian = false
  private var isFirst = true
  /// A byte or a half of a letter whose rest is in the next chunk.
  private var rest: [UInt8] = []

  init(_ encoding: TextEncoding) { self.encoding = encoding }

  /// - Returns: nil when the chunk is UTF-8 as it stands.
  mutating func decode(_ chunk: ArraySlice<UInt8>) -> [UInt8]? {
    // A mark that stayed would be a letter before the first field, whose quotes then stand within.
    let mark = isFirst ? findMark(chunk) : 0
    isFirst = false
    let text = chunk.dropFirst(mark)
    switch encoding {
    case .utf8: return mark == 0 ? nil : Array(text)
    case .windows1252: return text.flatMap { Self.windows[Int($0)] }
    case .utf16: return utf16(rest + text)
    }
  }

  /// Whether the file ended within a letter.
  var isWithinLetter: Bool { !rest.isEmpty }

  /// What a file's own mark says goes before what a mapping says. UTF-16 without one is
  /// little-endian.
  /// - Returns: the bytes of the mark.
  private mutating func findMark(_ chunk: ArraySlice<UInt8>) -> Int {
    if chunk.starts(with: [0xEF, 0xBB, 0xBF]) {
      encoding = .utf8
      return 3
    }
    isBigEndian = chunk.starts(with: [0xFE, 0xFF])
    guard isBigEndian || chunk.starts(with: [0xFF, 0xFE]) else { return 0 }
    encoding = .utf16
    return 2
  }

  private mutating func utf16(_ bytes: [UInt8]) -> [UInt8] {
    let (high, low) = isBigEndian ? (0, 1) : (1, 0)
    func unit(_ at: Int) -> UInt16 { UInt16(bytes[at + high]) << 8 | UInt16(bytes[at + low]) }
    var end = bytes.count & ~1
    if end >= 2, UTF16.isLeadSurrogate(unit(end - 2)) { end -= 2 }
    rest = Array(bytes[end...])
    var units: [UInt16] = []
    units.reserveCapacity(end / 2)
    for at in stride(from: 0, to: end, by: 2) { units.append(unit(at)) }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// The UTF-8 of each byte; bytes that have no letter keep none.
  private static let windows: [[UInt8]] = {
    // <https://encoding.spec.whatwg.org/index-windows-1252.txt>, from 0x80 to 0x9F.
    let special: [UInt32] = [
      0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
      0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
      0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ]
    return (0...255).map { (byte: UInt32) in
      let code = (0x80...0x9F).contains(byte) ? special[Int(byte - 0x80)] : byte
      return Unicode.Scalar(code).map { Array(String($0).utf8) } ?? []
    }
  }()
}
