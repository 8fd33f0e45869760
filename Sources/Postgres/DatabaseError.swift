/// Why a statement, a transaction or a connection failed. Its description is safe to show: it never
/// holds a value that was bound or stored.
public struct DatabaseError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is, which decides what a caller may do about it.
  public enum Kind: String, Sendable {
    /// The server refused the statement and undid it; `sqlState` says why.
    case server
    /// No connection could be made within the wait limit; nothing was sent.
    case unavailable
    /// No connection became free within the wait limit; nothing was sent.
    case busy
    /// The queue is full; nothing was sent.
    case queueFull
    /// The connection died after the statement was sent: whether it took effect is unknown.
    case connectionLost
    /// COMMIT was sent and its answer never came: whether it took effect is unknown.
    case outcomeUnknown
    /// The body of a transaction swallowed an error, so that nothing could be committed.
    case rolledBack
    /// The result does not fit the Swift types asked for.
    case decoding
    /// One row was expected and another number came back.
    case rowCount
    /// The pool was stopped or not yet started, or the address cannot be read.
    case closed
    /// The program used a connection in a way it does not allow.
    case misuse
  }

  public let kind: Kind
  /// The five-character code of PostgreSQL (appendix A of its manual); nil unless it sent one.
  public let sqlState: String?
  /// What happened, without values.
  public let message: String
  public let schema: String?
  public let table: String?
  public let column: String?
  public let constraint: String?
  /// The server's own hint.
  public let hint: String?
  /// The server's DETAIL and unabridged message. They may hold values: not for logs or answers.
  public let detail: String?
  /// True when the server ended the connection with this error.
  let isFatal: Bool
  /// The server's function that raised it; unlike the message it is never translated.
  let routine: String?

  public init(kind: Kind, message: String, sqlState: String? = nil) {
    self.init(kind: kind, message: message, sqlState: sqlState, result: nil)
  }

  init(kind: Kind, message: String, sqlState: String?, result: ResultBox?) {
    self.kind = kind
    self.message = message
    self.sqlState = sqlState
    schema = result?.field("s")
    table = result?.field("t")
    column = result?.field("c")
    constraint = result?.field("n")
    hint = result?.field("H")
    let full = [result?.field("M"), result?.field("D")].compactMap { $0 }
    detail = full.isEmpty ? nil : full.joined(separator: "\n")
    let severity = result?.field("V") ?? ""
    isFatal = severity == "FATAL" || severity == "PANIC"
    routine = result?.field("R")
  }

  /// The error that a result reports.
  init(_ result: ResultBox) {
    let state = result.field("C")
    let text = result.field("M") ?? "the connection to the database failed"
    self.init(
      kind: state == nil ? .connectionLost : .server,
      message: SafeText.message(text, sqlState: state), sqlState: state, result: result)
  }

  /// The same failure seen as another kind.
  init(_ error: DatabaseError, kind: Kind, message: String) {
    self.init(kind: kind, message: message, sqlState: error.sqlState)
  }

  public var description: String {
    var text = message
    if let sqlState { text += " (SQLSTATE \(sqlState)" }
    if sqlState != nil {
      if let constraint { text += ", constraint \(constraint)" }
      if let table { text += ", table \(table)" }
      text += ")"
    }
    return text
  }
}

extension DatabaseError {
  /// 23505: a row with the same key exists already.
  public func isUniqueViolation(of constraint: String? = nil) -> Bool {
    violates("23505", constraint)
  }
  /// 23503: a row refers to one that does not exist, or is still referred to.
  public func isForeignKeyViolation(of constraint: String? = nil) -> Bool {
    violates("23503", constraint)
  }
  /// 23514: a check constraint says no.
  public func isCheckViolation(of constraint: String? = nil) -> Bool {
    violates("23514", constraint)
  }
  /// 23P01: an exclusion constraint says no.
  public func isExclusionViolation(of constraint: String? = nil) -> Bool {
    violates("23P01", constraint)
  }
  /// 40001 or 40P01: the transaction may succeed when it is run again.
  public var isRetryable: Bool { sqlState == "40001" || sqlState == "40P01" }
  /// 57014: the statement ran into its time limit or was cancelled.
  public var isCancelled: Bool { sqlState == "57014" }
  /// 55P03: a lock was not free (NOWAIT, or the lock's time limit).
  public var isLockNotAvailable: Bool { sqlState == "55P03" }
  /// The database cannot be reached or has no room now; the same call may work later.
  public var isUnavailable: Bool {
    switch kind {
    case .unavailable, .busy, .queueFull: true
    case .server: sqlState?.hasPrefix("53") ?? false
    case .connectionLost, .outcomeUnknown, .rolledBack, .decoding, .rowCount, .closed, .misuse:
      false
    }
  }
  /// Whether the statement or transaction took effect cannot be known from here.
  public var isOutcomeUnknown: Bool { kind == .connectionLost || kind == .outcomeUnknown }

  /// The plan or the prepared statement is gone: 0A000 of a changed table, 26000.
  var isStaleStatement: Bool {
    sqlState == "26000" || (sqlState == "0A000" && routine == "RevalidateCachedQuery")
  }

  private func violates(_ state: String, _ name: String?) -> Bool {
    sqlState == state && (name == nil || constraint == name)
  }
}

/// Takes out of the server's messages what may be data.
enum SafeText {
  /// Class 22 (bad data) and XX (internal) quote the offending value; other classes name only
  /// tables, columns and constraints.
  static func message(_ text: String, sqlState: String?) -> String {
    guard let sqlState, sqlState.hasPrefix("22") || sqlState.hasPrefix("XX") else { return text }
    guard let first = text.firstIndex(of: "\""), let last = text.lastIndex(of: "\""), first < last
    else { return text }
    return text[..<first] + "…" + text[text.index(after: last)...]
  }

  /// libpq's text, which may have several lines and tabs, as one line.
  static func line(_ text: String) -> String {
    text.split { $0 == "\n" || $0 == "\t" }.joined(separator: " ")
  }
}
