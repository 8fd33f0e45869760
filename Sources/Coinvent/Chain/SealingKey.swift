import CSodium

/// Who signs checkpoints: an Ed25519 key with a name, in the texts of C2SP's signed notes.
///
/// <https://c2sp.org/signed-note>
public struct PublicKey: Sendable, Hashable, CustomStringConvertible {
  public let name: String
  public let bytes: [UInt8]
  private static let algorithm: UInt8 = 1

  /// - Returns: nil for a name with a blank, a plus sign or other than visible ASCII characters.
  init?(name: String, bytes: [UInt8]) {
    guard PublicKey.isName(name), bytes.count == Int(crypto_sign_PUBLICKEYBYTES) else {
      return nil
    }
    self.name = name
    self.bytes = bytes
  }

  /// Reads `NAME+HASH+KEY`; nil for any other text.
  public init?(_ text: String) {
    guard let (name, id, bytes) = KeyText.read(text[...]),
      let key = PublicKey(name: name, bytes: bytes),
      key.id == id, key.description == text
    else { return nil }
    self = key
  }

  public static func isName(_ name: String) -> Bool {
    (1...100).contains(name.utf8.count)
      && name.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: "+") }
  }

  /// Four bytes that stand before each signature of it.
  var id: [UInt8] {
    Array(Digest.sha256(Array(name.utf8) + [10, PublicKey.algorithm] + bytes).prefix(4))
  }

  /// `NAME+HASH+KEY`
  public var description: String { KeyText.write(name, id, bytes) }

  func signed(_ text: String, _ signature: [UInt8]) -> Bool {
    let message = Array(text.utf8)
    return signature.count == Int(crypto_sign_BYTES)
      && crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes) == 0
  }
}

/// The secret half of a key.
public struct SealingKey: Sendable {
  public let publicKey: PublicKey
  private let seed: [UInt8]
  private let secret: [UInt8]
  private static let prefix = "PRIVATE+KEY+"

  /// - Returns: nil for a name that no key may have; see `PublicKey`.
  public static func new(name: String) -> SealingKey? {
    SealingKey(name: name, seed: Digest.random(Int(crypto_sign_SEEDBYTES)))
  }

  init?(name: String, seed: [UInt8]) {
    guard seed.count == Int(crypto_sign_SEEDBYTES) else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES))
    var secret = [UInt8](repeating: 0, count: Int(crypto_sign_SECRETKEYBYTES))
    _ = crypto_sign_seed_keypair(&bytes, &secret, seed)
    guard let publicKey = PublicKey(name: name, bytes: bytes) else { return nil }
    self.publicKey = publicKey
    self.seed = seed
    self.secret = secret
  }

  /// Reads `PRIVATE+KEY+NAME+HASH+SEED`; nil for any other text.
  public init?(_ text: String) {
    guard text.hasPrefix(SealingKey.prefix),
      let (name, id, seed) = KeyText.read(text.dropFirst(SealingKey.prefix.count)),
      let key = SealingKey(name: name, seed: seed), key.publicKey.id == id
    else { return nil }
    self = key
  }

  /// To be kept in a file that nobody else reads.
  public var text: String {
    SealingKey.prefix + KeyText.write(publicKey.name, publicKey.id, seed)
  }

  func sign(_ text: String) -> [UInt8] {
    let message = Array(text.utf8)
    var signature = [UInt8](repeating: 0, count: Int(crypto_sign_BYTES))
    _ = crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
    return signature
  }
}

/// `NAME+HASH+BYTES`: the hash in hexadecimal, the bytes in base64 behind the algorithm's number.
private enum KeyText {
  static func write(_ name: String, _ id: [UInt8], _ bytes: [UInt8]) -> String {
    "\(name)+\(Digest.hex(id))+\(Base64.encode([1] + bytes))"
  }

  static func read(_ text: Substring) -> (name: String, id: [UInt8], bytes: [UInt8])? {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let id = Digest.bytes(hex: String(parts[1])),
      let bytes = Base64.decode(String(parts[2])), bytes.first == 1
    else { return nil }
    return (String(parts[0]), id, Array(bytes.dropFirst()))
  }
}

/// Base64 with padding (RFC 4648 §4).
enum Base64 {
  static func encode(_ bytes: [UInt8]) -> String {
    let variant = Int32(sodium_base64_VARIANT_ORIGINAL)
    let length = sodium_base64_encoded_len(bytes.count, variant)
    var text = [CChar](repeating: 0, count: length)
    _ = sodium_bin2base64(&text, length, bytes, bytes.count, variant)
    return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// - Returns: nil for what `encode` does not write.
  static func decode(_ text: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: text.utf8.count)
    var count = 0
    let result = sodium_base642bin(
      &bytes, bytes.count, text, text.utf8.count, nil, &count, nil,
      Int32(sodium_base64_VARIANT_ORIGINAL))
    guard result == 0 else { return nil }
    bytes.removeLast(bytes.count - count)
    return encode(bytes) == text ? bytes : nil
  }
}
