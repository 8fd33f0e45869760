import Coinvent
import JSON
import Postgres

/// A command's expected end that is not success: what happened, how to mend it, which exit code.
struct Failure: Error, CustomStringConvertible {
  let code: ExitCode
  let message: String
  let mend: String?
  /// Every separate mistake, where there is more than one (settings).
  var details: [String] = []

  init(_ code: ExitCode, _ message: String, mend: String? = nil, details: [String] = []) {
    self.code = code
    self.message = message
    self.mend = mend
    self.details = details
  }

  static func usage(_ message: String, mend: String? = nil) -> Failure {
    Failure(.usage, message, mend: mend)
  }

  var description: String { mend.map { "\(message) \($0)" } ?? message }

  /// The failure that any other error amounts to: the one place that maps errors to exit codes.
  static func from(_ error: any Error) -> Failure {
    if let failure = error as? Failure { return failure }
    if error is CancellationError { return Failure(.error, "Stopped by a signal.") }
    if let error = error as? DatabaseError { return database(error) }
    if let error = error as? Invalid {
      let details = error.fields.map { "\($0.pointer) \($0.message)" }
      return Failure(.usage, "Some values cannot be taken.", details: details)
    }
    return Failure(.error, "\(error)")
  }

  private static func database(_ error: DatabaseError) -> Failure {
    switch error.kind {
    case .unavailable, .closed, .connectionLost:
      Failure(.error, "\(error)", mend: "“coinvent doctor” says what is wrong with the database.")
    case .outcomeUnknown:
      Failure(.error, "\(error)", mend: "Run it again: what was done already is not done twice.")
    case .server where error.sqlState == "42P01":
      Failure(.error, "\(error)", mend: "Bring the schema up to date with: coinvent migrate")
    case .server, .busy, .queueFull, .rolledBack, .decoding, .rowCount, .misuse:
      Failure(.error, "\(error)")
    }
  }

  func text(program: String = "coinvent") -> String {
    var lines = ["\(program): \(message)"]
    lines += details.map { "  - \($0)" }
    if let mend { lines.append("  \(mend)") }
    return lines.joined(separator: "\n")
  }

  /// `{"error":{"code":"usage","exit":2,"message":"…","mend":"…","details":["…"]}}`
  var json: JSON {
    var error = JSONObject()
    error["code"] = .string(code.word)
    error["exit"] = .int(Int64(code.rawValue))
    error["message"] = .string(message)
    if let mend { error["mend"] = .string(mend) }
    if !details.isEmpty { error["details"] = .array(details.map { .string($0) }) }
    return ["error": .object(error)]
  }
}
