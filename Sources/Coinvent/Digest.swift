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

  /// SHA-256 of bytes that come piece by piece; a copy goes on from where the original stood.
  struct Stream: @unchecked Sendable {
    private var state = crypto_hash_sha256_state()

    init() { _ = crypto_hash_sha256_init(&state) }

    mutating func add(_ bytes: [UInt8]) {
      _ = crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count))
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    /// Of all bytes so far.
    var hash: [UInt8] {
      var (rest, hash) = (state, [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES)))
      _ = crypto_hash_sha256_final(&rest, &hash)
      return hash
    }
  }

  /// Tells versions of one text apart: 128 bits of SipHash under a key that everybody knows, the
  /// same on every server, in hexadecimal. For entity tags and never for secrets; it takes a
  /// twentieth of SHA-256's time.
  public static func mark(_ bytes: [UInt8]) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { mark in
      guard let start = mark.baseAddress else { return "" }
      _ = crypto_shorthash_siphashx24(start, bytes, UInt64(bytes.count), markKey)
      return String(unsafeUninitializedCapacity: 32) { text in
        for (place, byte) in mark.enumerated() {
          text[2 * place] = hexDigit(byte >> 4)
          text[2 * place + 1] = hexDigit(byte & 15)
        }
        return 32
      }
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private static let markKey = Array("coinvent/entity".utf8) + [0]

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
