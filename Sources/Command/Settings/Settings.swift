import Coinvent
import Mail

/// The configuration, read once at the start: flags over environment over file over defaults.
struct Settings: Sendable {
  var data = ".coinvent"
  var configFile: String?
  var database = DatabaseLocation.missing(data: ".coinvent")
  var logLevel = LogLevel.info
  var host = "127.0.0.1"
  var port: UInt16 = 8080
  var loops = 1
  var poolSize = 10
  var poolQueue = 8192
  var poolWait = Duration.seconds(5)
  var statementTimeout = Duration.seconds(30)
  var stopWithin = Duration.seconds(20)
  /// Nanos of a major unit.
  var payoutMinimum: Int64 = 10_000_000_000
  var approveAbove = ApprovalLimits.none
  var payouts = PayoutsWhen.automatic
  var rail = RailKind.csv
  var railURL = "http://127.0.0.1:8090"
  var csvFolder = ".coinvent/payouts"
  var workerInterval = Duration.seconds(2)
  var publicURL: String?
  /// Nil: no mails are sent.
  var mail: MailSettings?
  var submissions = Idea.State.open
  var tokenLifetime = Duration.seconds(30 * 86_400)
  var connectionsPerAddress = 100
  var joinsPerAddress = 10_000
  var triesPerAddress = 200
  var triesPerAccount = 20
  var proofKeyFile = ".coinvent/proof.key"
  /// Nil: beside the program that runs.
  var imageProgram: String?
}

/// How mails leave.
struct MailSettings: Sendable {
  var url: String
  var security = SMTPServer.Security.required
  var user: String?
  var passwordFile: String?
  var from: MailAddress
  var fromName: String
}

enum PayoutsWhen: String, CaseIterable, Sendable {
  case automatic
  case onRequest = "on_request"
}

enum RailKind: String, CaseIterable, Sendable {
  case csv
  case sandbox
}

enum LogLevel: String, CaseIterable, Comparable, Sendable {
  case debug
  case info
  case warning
  case error

  static func < (a: LogLevel, b: LogLevel) -> Bool {
    allCases.firstIndex(of: a) ?? 0 < allCases.firstIndex(of: b) ?? 0
  }
}
