/// What somebody gives to become a member, before anything is known to be right about it.
public struct MemberDraft: Sendable {
  public let handle: String
  public let displayName: String
  /// Nil only for members made on the command line.
  public let email: String?

  /// Handles are kept in small letters, so that `Ada` and `ada` are one.
  public init(handle: String, displayName: String, email: String?) {
    self.handle = handle.lowercased()
    self.displayName = displayName.trimmed
    self.email = email
  }

  /// Everything wrong with it, by JSON pointer.
  public var faults: [Invalid.Fault] {
    var faults: [Invalid.Fault] = []
    if !isHandle {
      faults.append(("/handle", "must be 3 to 30 of a-z, 0-9 and _"))
    }
    if let fault = displayName.fault(1...60) { faults.append(("/display_name", fault)) }
    if let email, !Self.isEmail(email) {
      faults.append(("/email", "must be an e-mail address"))
    }
    return faults
  }

  private var isHandle: Bool {
    (3...30).contains(handle.utf8.count)
      && handle.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
      }
  }

  static func isEmail(_ email: String) -> Bool {
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
      && email.unicodeScalars.count <= 254
      && email.unicodeScalars.allSatisfy {
        !$0.properties.isWhitespace && $0.properties.generalCategory != .control
      }
  }
}
