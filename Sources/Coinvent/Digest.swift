import CSodium

/// What libsodium computes for us: hashes, random bytes, constant-time comparison.
public enum Digest {
  /// Must be true before any call into libsodium; it is safe to ask from several threads.
  static let isReady: Bool = sodium_init() >= 0

  public static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    _ = crypto_hash_sha256(&hash, bytes, UInt64(bytes.count))
    return hash
  }

  /// Lower-case hexadecimal.
  public static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  static func random(_ count: Int) -> [UInt8] {
    precondition(isReady, "libsodium does not start: no source of random bytes")
    var bytes = [UInt8](repeating: 0, count: count)
    randombytes_buf(&bytes, count)
    return bytes
  }

  /// Takes the same time wherever the two differ.
  static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && sodium_memcmp(a, b, a.count) == 0
  }
}
