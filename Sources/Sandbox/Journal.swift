import Glibc
import JSON

/// An append-only file of JSON lines, each on disk before anybody hears of it.
///
/// A line without its end is the trace of a death in the middle of writing: nobody was told of it,
/// and it is cut off when the file is opened again. Anything else that cannot be read is refused.
final class Journal {
  struct Unusable: Error, CustomStringConvertible {
    let description: String
  }

  private let descriptor: Int32
  private let path: String
  private var length: Int

  /// Opens or makes `journal` in `folder`, alone, and gives every record in it to `read`.
  init(folder: String, read: (JSON) throws -> Void) throws {
    if mkdir(folder, 0o700) != 0, errno != EEXIST {
      throw Unusable(description: "\(folder) cannot be made: \(reasonOfErrno())")
    }
    path = folder + "/journal"
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Unusable(description: "\(path) cannot be opened: \(reasonOfErrno())")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw Unusable(description: "\(path) belongs to a sandbox provider that runs already")
    }
    length = 0
    let bytes = try wholeFile()
    length = try replay(bytes, read)
    if length < bytes.count { try cut() }
    try syncFolder(folder)
  }

  deinit { close(descriptor) }

  /// Writes the records and returns once they are on disk; none of them stays when that fails.
  func append(_ records: [JSON]) throws {
    let bytes = records.flatMap { $0.bytes() + [UInt8(ascii: "\n")] }
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = reasonOfErrno()
        try cut()
        throw Unusable(description: "\(path) cannot be written: \(reason)")
      }
      done += count
    }
    guard fdatasync(descriptor) == 0 else {
      throw Unusable(description: "\(path) cannot be made durable: \(reasonOfErrno())")
    }
    length += bytes.count
  }

  private func wholeFile() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw Unusable(description: "\(path) cannot be read: \(reasonOfErrno())")
      }
      if count == 0 { return bytes }
      bytes += chunk[0..<count]
    }
  }

  /// Reads every whole line; answers how many bytes they are.
  private func replay(_ bytes: [UInt8], _ read: (JSON) throws -> Void) throws -> Int {
    var start = 0
    var line = 1
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      do {
        try read(try JSON.parse(Array(bytes[start..<end])))
      } catch {
        throw Unusable(description: "line \(line) of \(path) cannot be read: \(error)")
      }
      start = end + 1
      line += 1
    }
    return start
  }

  private func cut() throws {
    guard ftruncate(descriptor, off_t(length)) == 0 else {
      throw Unusable(description: "\(path) cannot be mended: \(reasonOfErrno())")
    }
  }

  private func syncFolder(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw Unusable(description: "\(folder) cannot be made durable: \(reasonOfErrno())")
    }
  }
}

func reasonOfErrno() -> String {
  guard let text = strerror(errno) else { return "error \(errno)" }
  return String(cString: text)
}
