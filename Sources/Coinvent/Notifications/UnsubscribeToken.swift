import Postgres

/// What the link in a mail carries: who gets no more mails, and of which kind; nil: of all.
///
/// Whoever holds it may do that one thing. It is signed and does not expire, as mails do not.
public struct UnsubscribeToken: Sendable, Equatable {
  public static let purpose = "unsubscribe"
  public let member: MemberID
  public let kind: Notification.Kind?
  private static let version: UInt8 = 1

  public init(member: MemberID, kind: Notification.Kind?) {
    self.member = member
    self.kind = kind
  }

  private var message: [UInt8] {
    [Self.version] + member.uuid.bytes + Array((kind?.rawValue ?? "").utf8)
  }

  public func text(_ key: SigningKey) -> String {
    Base64URL.encode(key.sign(message) + message)
  }

  /// - Returns: nil for what this installation has not signed.
  public init?(_ text: String, _ key: SigningKey) {
    guard text.utf8.count <= 200, let bytes = Base64URL.decode(text.utf8), bytes.count >= 49 else {
      return nil
    }
    let message = Array(bytes[32...])
    guard message[0] == Self.version, key.verify(Array(bytes[..<32]), of: message),
      let member = UUID(bytes: message[1..<17])
    else { return nil }
    let word = String(decoding: message[17...], as: UTF8.self)
    let kind = Notification.Kind(rawValue: word)
    guard kind != nil || word.isEmpty else { return nil }
    self.init(member: MemberID(uuid: member), kind: kind)
  }
}
