import Glibc

/// What a file is, and its SHA-256, in memory that does not grow with it. Blocking.
enum FileHash {
  /// Whether it can be read more than once: a pipe cannot.
  static func isRegular(_ path: String) throws -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw CSVError(path: path, problem: String(cString: strerror(errno)))
    }
    return status.st_mode & S_IFMT == S_IFREG
  }

  static func sha256(of path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CSVError(path: path, problem: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var stream = Digest.Stream()
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      guard count >= 0 else {
        throw CSVError(path: path, problem: String(cString: strerror(errno)))
      }
      if count == 0 { return stream.hash }
      stream.add(count == chunk.count ? chunk : Array(chunk[..<count]))
    }
  }
}
