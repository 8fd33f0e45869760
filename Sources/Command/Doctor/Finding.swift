import JSON

/// What one check of `doctor` found.
struct Finding: Sendable, Equatable {
  enum Status: String, Sendable {
    case ok
    case warning
    case failed
  }

  let check: String
  let status: Status
  let says: String
  var mend: String?

  static func ok(_ check: String, _ says: String) -> Finding {
    Finding(check: check, status: .ok, says: says)
  }

  static func warning(_ check: String, _ says: String, mend: String) -> Finding {
    Finding(check: check, status: .warning, says: says, mend: mend)
  }

  static func failed(_ check: String, _ says: String, mend: String?) -> Finding {
    Finding(check: check, status: .failed, says: says, mend: mend)
  }

  var text: String {
    let mark =
      switch status {
      case .ok: "ok      "
      case .warning: "warning "
      case .failed: "FAILED  "
      }
    let name = check + String(repeating: " ", count: max(0, 12 - check.count))
    return "\(mark)\(name)\(says)" + (mend.map { "\n        → \($0)" } ?? "")
  }

  var json: JSON {
    [
      "check": .string(check), "status": .string(status.rawValue), "says": .string(says),
      "mend": mend.map { .string($0) } ?? .null,
    ]
  }
}
