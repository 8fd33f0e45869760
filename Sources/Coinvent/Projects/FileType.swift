/// The kinds of files that a form may ask for. What a file is, is found in its bytes.
public enum FileType: String, Sendable, CaseIterable {
  case pdf = "application/pdf"
  case zip = "application/zip"
  case gltf = "model/gltf-binary"
  case step = "model/step"
  case mp4 = "video/mp4"

  /// How the name ends that we give it.
  public var ending: String {
    switch self {
    case .pdf: "pdf"
    case .zip: "zip"
    case .gltf: "glb"
    case .step: "step"
    case .mp4: "mp4"
    }
  }

  /// - Returns: nil for bytes that are none of them.
  public init?(of bytes: [UInt8]) {
    let found = FileType.allCases.first { $0.isBegun(by: bytes) }
    guard let found else { return nil }
    self = found
  }

  private func isBegun(by bytes: [UInt8]) -> Bool {
    switch self {
    case .pdf: bytes.starts(with: "%PDF-".utf8)
    case .zip: bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
    case .gltf: bytes.starts(with: "glTF".utf8)
    case .step: bytes.starts(with: "ISO-10303-21;".utf8)
    case .mp4: bytes.dropFirst(4).starts(with: "ftyp".utf8)
    }
  }
}
