import Glibc
import JSON

/// The files of Fider's backup: `posts.json` and the like, and under `blobs/` what was attached.
public enum FiderFiles: Sendable {
  /// As Fider wrote it.
  case zip(ZipArchive)
  /// Unpacked.
  case folder(String)

  /// - Parameter path: a folder, or a ZIP file.
  /// - Throws: `ZipArchive.Refusal`.
  public init(path: String) throws {
    var facts = stat()
    let isFolder = stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    self = isFolder ? .folder(path) : .zip(try ZipArchive(path: path))
  }

  /// - Returns: nil when there is no such file.
  func read(_ name: String) throws -> [UInt8]? {
    switch self {
    case .zip(let archive): return try archive.read(name)
    case .folder(let folder):
      // The names of what was attached are whatever the backup says.
      guard ZipArchive.isPlain(name) else { return nil }
      return try FiderFiles.bytes("\(folder)/\(name)")
    }
  }

  /// The rows of a table; of one whose file is missing, none. Only posts must be there.
  func rows(_ table: String) throws -> [JSON] {
    guard let bytes = try read("\(table).json") else {
      if table == "posts" { throw Invalid("posts.json", "is missing: this is no backup of Fider") }
      return []
    }
    do {
      if let rows = try JSON.parse(bytes).array { return rows }
    } catch {
      throw Invalid("\(table).json", "is no JSON: \(error)")
    }
    throw Invalid("\(table).json", "must be an array of rows")
  }

  private static func bytes(_ path: String) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw Invalid(path, "cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw Invalid(path, "cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return bytes }
      bytes += chunk[0..<count]
    }
  }
}
