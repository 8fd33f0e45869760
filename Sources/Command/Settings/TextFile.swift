import Glibc

/// A file that could not be read, with the system's reason.
struct FileFailure: Error, CustomStringConvertible {
  let path: String
  let code: Int32

  var description: String { "cannot read \(path): \(reason(code))." }
}

/// The system's words for an error number.
func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

/// A whole file as text.
func readText(_ path: String) throws(FileFailure) -> String {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileFailure(path: path, code: errno) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16_384)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw FileFailure(path: path, code: errno) }
    if count == 0 { return String(decoding: bytes, as: UTF8.self) }
    bytes += chunk[0..<count]
  }
}
