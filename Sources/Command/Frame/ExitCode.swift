/// How a command ended. Scripts and cron read these numbers: they never change their meaning.
enum ExitCode: Int32, CaseIterable {
  case ok = 0
  case error = 1
  case usage = 2
  case busy = 3
  case notAllowed = 4
  case unbalanced = 5
  case nothingToDo = 6
  case partial = 7
  case needsApproval = 8

  /// The word that `--json` errors carry.
  var word: String {
    switch self {
    case .ok: "ok"
    case .error: "error"
    case .usage: "usage"
    case .busy: "busy"
    case .notAllowed: "not_allowed"
    case .unbalanced: "unbalanced"
    case .nothingToDo: "nothing_to_do"
    case .partial: "partial"
    case .needsApproval: "needs_approval"
    }
  }

  var meaning: String {
    switch self {
    case .ok: "Done."
    case .error: "Something went wrong; the sentence on stderr says what and how to mend it."
    case .usage: "The command line or a setting is wrong; nothing was done."
    case .busy: "Busy or in conflict: another run is in progress, or the state forbids it now."
    case .notAllowed: "Not allowed: the role, the owner or a rule refuses it."
    case .unbalanced: "The books do not balance; the first wrong row is named."
    case .nothingToDo: "There was nothing to do."
    case .partial: "Done in part: some lines or payouts were refused, and are listed."
    case .needsApproval: "A plan above a limit waits until another person approves it."
    }
  }
}
