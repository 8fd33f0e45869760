import Glibc

/// A file that appears under its name only when it is whole and durable.
final class WholeFile {
  private let path: String
  private let temporary: String
  private let descriptor: Int32
  private var isDone = false

  /// Begins a temporary file beside `path`; it is gone again unless `finish` is reached.
  init(_ path: String) throws(Failure) {
    self.path = path
    temporary = "\(path).part.\(getpid())"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw WholeFile.failure(path) }
  }

  deinit {
    close(descriptor)
    if !isDone { unlink(temporary) }
  }

  func write(_ bytes: [UInt8]) throws(Failure) {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw WholeFile.failure(path) }
      done += count
    }
  }

  /// Makes it durable, gives it its name, and makes the name durable.
  func finish() throws(Failure) {
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      throw WholeFile.failure(path)
    }
    isDone = true
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard place >= 0 else { throw WholeFile.failure(folder) }
    defer { close(place) }
    guard fsync(place) == 0 else { throw WholeFile.failure(folder) }
  }

  private static func failure(_ path: String) -> Failure {
    Failure(.error, "\(path) cannot be written: \(String(cString: strerror(errno)))")
  }
}
