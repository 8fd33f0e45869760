import Glibc

/// Puts a file in its place whole or not at all, also when the power goes.
enum WriteFile {
  struct Failed: Error, CustomStringConvertible {
    let path: String
    let reason: String
    var description: String { "\(path) cannot be written: \(reason)" }
  }

  /// Writes into a temporary file beside `name`, makes it durable, renames it, and makes the folder
  /// durable. The folder is made when it is missing.
  static func run(_ bytes: [UInt8], named name: String, in folder: String) throws(Failed) {
    let path = folder + "/" + name
    if mkdir(folder, 0o700) != 0, errno != EEXIST { throw failed(folder) }
    let temporary = folder + "/.\(name).\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failed(path) }
    do throws(Failed) {
      try fill(descriptor, bytes, path)
      guard rename(temporary, path) == 0 else { throw failed(path) }
    } catch {
      unlink(temporary)
      throw error
    }
    try sync(folder)
  }

  private static func fill(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws(Failed) {
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failed(path) }
      done += count
    }
    guard fsync(descriptor) == 0 else { throw failed(path) }
  }

  private static func sync(_ folder: String) throws(Failed) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failed(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failed(folder) }
  }

  private static func failed(_ path: String) -> Failed {
    Failed(path: path, reason: String(cString: strerror(errno)))
  }
}
