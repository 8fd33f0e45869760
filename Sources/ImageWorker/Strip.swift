/// Takes everything out of a file that is not picture: places, cameras, authors, comments, and what
/// hangs behind its end. The pixels stay as they were compressed; colour profiles stay too.
enum Strip {
  /// - Parameter keepsProfile: false for WebP that is in sRGB, as all is that has no profile.
  static func run(
    _ bytes: [UInt8], _ format: ImageFormat, keepsProfile: Bool = true
  ) throws(Refusal) -> [UInt8] {
    var source = Source(bytes)
    switch format {
    case .png: return try png(&source)
    case .jpeg: return try jpeg(&source)
    case .gif: return try gif(&source)
    case .webp: return try webp(&source, keepsProfile)
    }
  }

  // MARK: PNG, https://www.w3.org/TR/png-3/

  private static let pngChunks: Set<String> = [
    "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP", "sBIT", "bKGD",
    "pHYs", "acTL", "fcTL", "fdAT",
  ]

  private static func png(_ source: inout Source) throws(Refusal) -> [UInt8] {
    var kept = Array(try source.take(8))
    while true {
      let head = try source.take(8)
      let length = bigEndian(head.prefix(4))
      let name = text(head.suffix(4))
      let rest = try source.take(length + 4)
      if pngChunks.contains(name) { kept += head + rest }
      if name == "IEND" { return kept }
    }
  }

  // MARK: JPEG, https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B

  private static func jpeg(_ source: inout Source) throws(Refusal) -> [UInt8] {
    var kept = Array(try source.take(2))
    while true {
      guard try source.byte() == 0xFF else { throw .damaged }
      var marker = try source.byte()
      while marker == 0xFF { marker = try source.byte() }
      switch marker {
      case 0xD9:
        return kept + [0xFF, marker]
      case 0x01, 0xD0...0xD7: kept += [0xFF, marker]
      case 0x00, 0xD8: throw .damaged
      default:
        let size = try source.take(2)
        let segment = try source.take(bigEndian(size) - 2)
        if isPicture(marker, segment) { kept += [0xFF, marker] + size + segment }
        if marker == 0xDA { kept += try source.scan() }
      }
    }
  }

  /// Of the application's segments only those that say how colours are meant. A JFIF head may carry
  /// a picture of its own, from before the image was cropped: then it goes too.
  private static func isPicture(_ marker: UInt8, _ segment: ArraySlice<UInt8>) -> Bool {
    switch marker {
    case 0xE0: segment.count == 14 && segment.starts(with: "JFIF\0".utf8)
    case 0xE2: segment.starts(with: "ICC_PROFILE\0".utf8)
    case 0xEE: segment.starts(with: "Adobe".utf8)
    case 0xE1...0xEF, 0xFE: false
    default: true
    }
  }

  // MARK: GIF, https://www.w3.org/Graphics/GIF/spec-gif89a.txt

  private static func gif(_ source: inout Source) throws(Refusal) -> [UInt8] {
    let head = try source.take(13)
    var kept = Array(head) + (try source.take(colours(head[head.startIndex + 10])))
    while true {
      let kind = try source.byte()
      switch kind {
      case 0x3B: return kept + [kind]
      case 0x2C:
        let frame = try source.take(9)
        kept += [kind] + frame + (try source.take(colours(frame[frame.startIndex + 8])))
        kept += [try source.byte()] + (try source.blocks())
      case 0x21:
        let label = try source.byte()
        let blocks = try source.blocks()
        let isLoop = blocks.dropFirst().starts(with: "NETSCAPE2.0".utf8)
        if label == 0xF9 || label == 0xFF && isLoop { kept += [kind, label] + blocks }
      default: throw .damaged
      }
    }
  }

  private static func colours(_ flags: UInt8) -> Int {
    flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1)
  }

  // MARK: WebP, https://developers.google.com/speed/webp/docs/riff_container

  private static let webpChunks: Set<String> = [
    "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP",
  ]

  private static func webp(_ source: inout Source, _ keepsProfile: Bool) throws(Refusal) -> [UInt8]
  {
    let head = try source.take(12)
    let size = littleEndian(head.dropFirst(4).prefix(4))
    guard size >= 4 else { throw .damaged }
    var inner = Source(Array(try source.take(size - 4)))
    var kept: [UInt8] = []
    while !inner.isAtEnd {
      let head = try inner.take(8)
      let length = littleEndian(head.suffix(4))
      // The last chunk of some writers lacks its filling byte.
      var body = Array(try inner.take(length))
      if length % 2 == 1 && !inner.isAtEnd { _ = try inner.byte() }
      let name = text(head.prefix(4))
      guard webpChunks.contains(name), keepsProfile || name != "ICCP" else { continue }
      // The flags that say that EXIF, XMP or a profile is here.
      if name == "VP8X", !body.isEmpty { body[0] &= keepsProfile ? ~0x0C : ~0x2C }
      kept += head + body + (length % 2 == 1 ? [0] : [])
    }
    let count = kept.count + 4
    let counted = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return Array("RIFF".utf8) + counted + Array("WEBP".utf8) + kept
  }

  // MARK: Numbers

  private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}

/// Bytes that are read from the front; what ends too early is damaged.
struct Source {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  mutating func take(_ count: Int) throws(Refusal) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - place else { throw .damaged }
    defer { place += count }
    return bytes[place..<place + count]
  }

  mutating func byte() throws(Refusal) -> UInt8 {
    guard place < bytes.count else { throw .damaged }
    defer { place += 1 }
    return bytes[place]
  }

  /// The coded data of a JPEG's scan: up to the next marker that is no restart.
  mutating func scan() throws(Refusal) -> ArraySlice<UInt8> {
    let start = place
    while place + 1 < bytes.count {
      let next = bytes[place + 1]
      if bytes[place] == 0xFF, next != 0, next != 0xFF, !(0xD0...0xD7).contains(next) {
        return bytes[start..<place]
      }
      place += 1
    }
    throw .damaged
  }

  /// The blocks of a GIF's extension or frame with their sizes, up to the empty one.
  mutating func blocks() throws(Refusal) -> ArraySlice<UInt8> {
    let start = place
    while true {
      let size = Int(try byte())
      if size == 0 { return bytes[start..<place] }
      _ = try take(size)
    }
  }
}
