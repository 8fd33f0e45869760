import Glibc

/// The embedded PostgreSQL cluster, as `Scripts/cluster` wrote it down in the data folder.
struct Cluster: Sendable, Equatable {
  let data: String
  /// The folder of its unix socket; it listens nowhere else.
  let socketFolder: String
  let port: Int
  let database: String
  let user: String

  /// The cluster of a data folder; nil when the folder has none.
  static func read(data: String) throws(Failure) -> Cluster? {
    let path = data + "/cluster"
    if access(path, F_OK) != 0 { return nil }
    let text: String
    do throws(FileFailure) { text = try readText(path) } catch {
      throw Failure(
        .error, "\(error)", mend: "Run coinvent as the user who started Scripts/start.")
    }
    var facts: [String: String] = [:]
    for (key, value, _) in KeyValueLines.parse(text) { facts[key] = value }
    guard let folder = facts["socket"], let port = facts["port"].flatMap({ Int($0) }),
      let database = facts["database"], let user = facts["user"]
    else {
      throw Failure(
        .error, "\(path) is damaged: it must name socket, port, database and user.",
        mend: "Scripts/start writes it anew.")
    }
    return Cluster(
      data: data, socketFolder: folder, port: port, database: database, user: user)
  }

  var url: String {
    "postgresql:///\(percentEncoded(database))?host=\(percentEncoded(socketFolder))&port=\(port)"
      + "&user=\(percentEncoded(user))"
  }

  var socketPath: String { "\(socketFolder)/.s.PGSQL.\(port)" }

  /// Nil when somebody listens on the socket; otherwise the sentence that says what to do.
  func whyUnreachable() -> Failure? {
    switch knock(socketPath) {
    case 0: nil
    case EACCES:
      Failure(
        .notAllowed, "You may not use the embedded PostgreSQL of \(data).",
        mend: "Run coinvent as the user who started Scripts/start, or as root.")
    default:
      Failure(
        .error, "The embedded PostgreSQL of \(data) is not running.",
        mend: "Start it with: Scripts/cluster start --data \(data)  (Scripts/start does it too).")
    }
  }

  /// Connects to a unix socket and hangs up; 0 or the error number.
  private func knock(_ path: String) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return ENAMETOOLONG }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return code == 0 ? 0 : errno
  }
}

/// `text` for a URI component.
func percentEncoded(_ text: String) -> String {
  var result = ""
  for byte in text.utf8 {
    switch byte {
    case 48...57, 65...90, 97...122, 45, 46, 95, 126: result.append(Character(UnicodeScalar(byte)))
    default:
      let digits = String(byte, radix: 16, uppercase: true)
      result += "%" + (digits.count == 1 ? "0" : "") + digits
    }
  }
  return result
}
