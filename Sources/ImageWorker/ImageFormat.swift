/// The formats that are taken, known by their first bytes and by nothing else.
enum ImageFormat: String, CaseIterable {
  case png, jpeg, gif, webp

  init?(_ bytes: [UInt8]) {
    func has(_ mark: StaticString, at place: Int = 0) -> Bool {
      bytes.count >= place + mark.utf8CodeUnitCount
        && mark.withUTF8Buffer { bytes[place...].starts(with: $0) }
    }
    if bytes.starts(with: Self.pngMark) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if has("GIF87a") || has("GIF89a") {
      self = .gif
    } else if has("RIFF") && has("WEBP", at: 8) {
      self = .webp
    } else {
      return nil
    }
  }

  static let pngMark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The class of libvips that reads it; all others are blocked.
  var loader: String {
    switch self {
    case .png: "VipsForeignLoadPng"
    case .jpeg: "VipsForeignLoadJpeg"
    case .gif: "VipsForeignLoadNsgif"
    case .webp: "VipsForeignLoadWebp"
    }
  }
}
