import Foundation

/// Image files that tests send.
public enum Pictures {
  /// 24 × 8, red on the left and blue on the right.
  public static let jpeg = decoded(
    """
    /9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxl\
    Z2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj\
    Y2P/wAARCAAIABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQF/8QAGBABAAMBAAAAAAAAAAAAAAAAAARD\
    gcH/xAAVAQEBAAAAAAAAAAAAAAAAAAAGAP/EABoRAAEFAQAAAAAAAAAAAAAAAAABAgU0gbH/2gAMAwEAAhEDEQA/AMVH\
    Pr3gKHus3iiqVqPzqEYB4Cz/2Q==
    """)

  /// 8 × 8, a red frame and a blue one, without end.
  public static let gif = decoded(
    """
    R0lGODlhCAAIAIAAAEdwTP8AACH/C05FVFNDQVBFMi4wAwEAAAAh+QQFAAAAACwAAAAACAAIAAACB4yPqcvtXQAAIfkE\
    BQAAAAAsAAAAAAgACACAR3BMAAD/AgeMj6nL7V0AADs=
    """)

  /// 24 × 8, with EXIF.
  public static let webp = decoded(
    """
    UklGRvoAAABXRUJQVlA4WAoAAAAIAAAAFwAABwAAVlA4TBoAAAAvF8ABAA8Q87//8x8OhASEB/6vVU2I6H8kE0VYSUa6\
    AAAARXhpZgAASUkqAAgAAAAGABIBAwABAAAAAQAAABoBBQABAAAAVgAAABsBBQABAAAAXgAAACgBAwABAAAAAgAAABMC\
    AwABAAAAAQAAAGmHBAABAAAAZgAAAAAAAAA4YwAA6AMAADhjAADoAwAABgAAkAcABAAAADAyMTABkQcABAAAAAECAwAA\
    oAcABAAAADAxMDABoAMAAQAAAP//AAACoAQAAQAAABgAAAADoAQAAQAAAAgAAAAAAAAA
    """)

  /// The JPEG as a telephone writes it that was held upright: turned by EXIF, with a place on Earth
  /// and a comment.
  public static let photograph: [UInt8] = {
    let exif: [UInt8] =
      Array("Exif\0\0MM\0*\0\0\0\u{8}\0\u{2}".utf8)
      // Orientation 6, and where the directory of GPS begins.
      + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0] + [0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38]
      + [0, 0, 0, 0] + [0, 1] + [0, 1, 0, 2, 0, 0, 0, 2, UInt8(ascii: "N"), 0, 0, 0] + [0, 0, 0, 0]
    let comment = Array("Taken at home".utf8)
    return Array(jpeg.prefix(2)) + segment(0xE1, exif) + segment(0xFE, comment) + jpeg.dropFirst(2)
  }()

  private static func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
    let count = UInt16(body.count + 2)
    return [0xFF, marker, UInt8(count >> 8), UInt8(count & 255)] + body
  }

  /// A PNG of one colour, with its author's name in it; its pixels are stored, not compressed.
  /// - Parameter head: what the head says about the size, if not the truth.
  public static func png(
    _ width: Int, _ height: Int, colour: [UInt8] = [200, 40, 40], head: (Int, Int)? = nil
  ) -> [UInt8] {
    let size = head ?? (width, height)
    var row: [UInt8] = [0]
    for _ in 0..<width { row += colour }
    var rows: [UInt8] = []
    for _ in 0..<height { rows += row }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", bigEndian(size.0) + bigEndian(size.1) + [8, 2, 0, 0, 0])
      + chunk("tEXt", Array("Author\0Ada Lovelace".utf8))
      + chunk("IDAT", stored(rows)) + chunk("IEND", [])
  }

  private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let checked = Array(name.utf8) + body
    return bigEndian(body.count) + checked + bigEndian(Int(crc(checked)))
  }

  /// A zlib stream of stored blocks.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var place = 0
    repeat {
      let block = bytes[place..<min(place + 65_535, bytes.count)]
      place += block.count
      let low = UInt8(block.count & 255)
      let high = UInt8(block.count >> 8)
      stream += [place == bytes.count ? 1 : 0, low, high, ~low, ~high] + block
    } while place < bytes.count
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return stream + bigEndian(b << 16 | a)
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  private static func bigEndian(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private static func decoded(_ text: String) -> [UInt8] {
    guard let data = Data(base64Encoded: text) else { preconditionFailure("no base64") }
    return Array(data)
  }
}

extension [UInt8] {
  /// Whether the text's bytes are anywhere in them.
  public func holds(_ text: String) -> Bool { firstRange(of: Array(text.utf8)) != nil }
}
