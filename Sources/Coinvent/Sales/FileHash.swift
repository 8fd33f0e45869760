import Glibc

/// The SHA-256 of a file, in memory that does not grow with it. Blocking.
enum FileHash {
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
