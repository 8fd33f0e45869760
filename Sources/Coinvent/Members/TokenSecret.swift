/// A token as its holder has it: `cvt_<id>_<secret>`, the secret being 32 random bytes.
public struct TokenSecret: Hashable, Sendable, CustomStringConvertible {
  public let id: TokenID
  private let secret: [UInt8]
  private static let prefix = "cvt_"
  private static let secretLength = 43

  init(id: TokenID, secret: [UInt8]) {
    self.id = id
    self.secret = secret
  }

  init(id: TokenID) {
    self.id = id
    secret = Digest.random(32)
  }

  /// - Returns: nil for anything that no token of ours looks like.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    let suffix = Self.prefix.utf8.count
    let separator = suffix + TypeIDSuffix.length
    guard bytes.count == separator + 1 + Self.secretLength, text.hasPrefix(Self.prefix),
      bytes[separator] == UInt8(ascii: "_"),
      let id = TokenID(
        "\(TokenID.prefix)_\(String(decoding: bytes[suffix..<separator], as: UTF8.self))"),
      let secret = Base64URL.decode(bytes[(separator + 1)...])
    else { return nil }
    self.id = id
    self.secret = secret
  }

  var hash: [UInt8] { Digest.sha256(secret) }

  func matches(_ hash: [UInt8]) -> Bool { Digest.areEqual(self.hash, hash) }

  /// The text to hand out, once.
  public var text: String {
    Self.prefix + id.description.dropFirst(TokenID.prefix.utf8.count + 1) + "_"
      + Base64URL.encode(secret)
  }

  /// Safe to print: without the secret.
  public var description: String { "\(id)" }
}
