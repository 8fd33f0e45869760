import CLibPQ
import EventLoop
import Glibc

/// A connection that was just made and has no owner yet.
final class RawConnection: @unchecked Sendable {
  private var pg: OpaquePointer?
  init(_ pg: OpaquePointer) { self.pg = pg }
  deinit { PQfinish(pg) }
  func take() -> OpaquePointer? {
    defer { pg = nil }
    return pg
  }
}

/// Opens connections. libpq 15 looks names up in a blocking way and tries one host after the other,
/// so this happens on a few threads of their own.
struct Connector: Sendable {
  static let pool = BlockingPool(name: "pg-connect", threads: 4, queueLimit: 4096)

  private let words: [(String, String)]

  /// - Throws: `DatabaseError` of kind `.closed` when the address cannot be read. The text of the
  ///   address is not repeated, because it may hold a password.
  init(_ configuration: PoolConfiguration) throws {
    var problem: UnsafeMutablePointer<CChar>?
    defer { PQfreemem(problem) }
    guard let options = PQconninfoParse(configuration.url, &problem) else {
      throw DatabaseError(
        kind: .closed,
        message: "the database address cannot be read; it looks like "
          + "postgresql://user@host:5432/name or host=… dbname=…")
    }
    defer { PQconninfoFree(options) }
    var given: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    words = Connector.complete(given, configuration).sorted { $0.key < $1.key }
  }

  private static func complete(_ given: [String: String], _ configuration: PoolConfiguration)
    -> [String: String]
  {
    let defaults = [
      "connect_timeout": "5", "keepalives_idle": "30", "keepalives_interval": "10",
      "keepalives_count": "3", "tcp_user_timeout": "30000",
      "application_name": configuration.applicationName,
    ]
    var words = given.merging(defaults) { given, _ in given }
    words["client_encoding"] = "UTF8"
    let settings = configuration.allSettings.sorted { $0.key < $1.key }
    let options = settings.map { "-c \($0.key)=\(escape($0.value))" }
    words["options"] = (options + [given["options"]].compactMap { $0 }).joined(separator: " ")
    return words
  }

  /// Spaces and backslashes separate and escape within `options`.
  private static func escape(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if character == " " || character == "\\" { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }

  /// Opens a connection on one of the threads and gives it to `done` there.
  func connect(_ done: @escaping @Sendable (Result<RawConnection, DatabaseError>) -> Void) {
    let taken = Connector.pool.submit { done(self.open()) }
    if !taken {
      let error = DatabaseError(kind: .unavailable, message: "too many connections are being made")
      done(.failure(error))
    }
  }

  private func open() -> Result<RawConnection, DatabaseError> {
    var keywords = words.map { strdup($0.0) }
    var values = words.map { strdup($0.1) }
    defer { for text in keywords + values { free(text) } }
    keywords.append(nil)
    values.append(nil)
    let names = keywords.map { UnsafePointer($0) }
    let texts = values.map { UnsafePointer($0) }
    guard let pg = PQconnectdbParams(names, texts, 0) else {
      return .failure(DatabaseError(kind: .unavailable, message: "no memory for a connection"))
    }
    let connection = RawConnection(pg)
    if PQstatus(pg) == CONNECTION_OK { return .success(connection) }
    return .failure(
      DatabaseError(kind: .unavailable, message: "cannot connect: \(Connector.reason(pg))"))
  }

  static func reason(_ pg: OpaquePointer) -> String {
    PQerrorMessage(pg).map { SafeText.line(String(cString: $0)) } ?? "unknown"
  }
}
