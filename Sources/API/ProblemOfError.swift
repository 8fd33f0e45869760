import Coinvent
import EventLoop
import JSON
import Postgres

extension Problem {
  /// The one place that turns errors into answers.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let invalid as Invalid: self = .unprocessable(invalid)
    case let banned as Banned: self = .forbidden(banned.description, as: "banned")
    case let error as WithdrawnReport: self = .conflict("report-withdrawn", error.description)
    case let error as JSONError: self = .malformed("The body is no JSON: \(error).")
    case let full as BlockingPool.Full:
      self = .unavailable("Too many \(full.pool == "images" ? "images" : "sign-ins") at once.")
    case let error where Self.isOurProgram(error):
      self = .unavailable("Images cannot be read now.", retryAfter: 30)
    case let error as DatabaseError: self = Problem(database: error)
    case is CancellationError: self = .unavailable("The request was given up.")
    default: self = .ours
    }
  }

  /// The program that reads images does not work, which operators must hear of.
  static func isOurProgram(_ error: any Error) -> Bool {
    error is ChildProcess.Failed || error is ImageProgram.Failed
  }

  private init(database error: DatabaseError) {
    switch error.kind {
    case .busy, .queueFull: self = .unavailable("The database has too much to do.")
    case .unavailable, .connectionLost, .outcomeUnknown, .closed:
      self = .unavailable("The database cannot be reached.")
    case .server: self = Problem(sqlState: error.sqlState ?? "")
    case .rolledBack, .decoding, .rowCount, .misuse: self = .ours
    }
  }

  private init(sqlState: String) {
    switch sqlState {
    case "40001", "40P01", "55P03", "57014":
      self = .unavailable("Too many wanted to change the same thing.")
    case let state where state.hasPrefix("08") || state.hasPrefix("53") || state.hasPrefix("57P"):
      self = .unavailable("The database cannot be reached.")
    case "25006": self = .unavailable("The database takes no changes now.", retryAfter: 5)
    default: self = .ours
    }
  }
}
