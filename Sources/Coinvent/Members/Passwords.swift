import CSodium
import EventLoop

/// Hashes and checks passwords with argon2id (two passes over 19 MiB, some 40 ms).
///
/// The work runs on threads of its own with a short queue: a flood of sign-ins is refused with
/// `BlockingPool.Full` and cannot take the processor from everything else.
public final class Passwords: Sendable {
  private static let passes = UInt64(2)
  private static let memory = 19 * 1024 * 1024
  private let pool: BlockingPool

  public init(threads: Int = 1, queueLimit: Int = 32) {
    precondition(Digest.isReady, "libsodium does not start")
    // Who signs in waits a little longer when there is much to do, and nobody else does.
    pool = BlockingPool(
      name: "passwords", threads: threads, queueLimit: queueLimit, givesWay: true)
  }

  /// What is wrong with a password somebody wants; nil when nothing is.
  public static func fault(_ password: String) -> String? {
    guard (8...128).contains(password.unicodeScalars.count) else {
      return "must have 8 to 128 characters"
    }
    guard !CommonPasswords.contains(password) else {
      return "is one of the passwords everybody tries first"
    }
    return nil
  }

  /// The password's hash in its own text form, salt and cost included.
  /// - Throws: `BlockingPool.Full`.
  public func hash(_ password: String) async throws -> String {
    try await run { try Passwords.hash(password) }
  }

  /// - Parameter hash: nil for an account that does not exist or has no password; the same work
  ///   is done then, so that the time tells nothing.
  /// - Throws: `BlockingPool.Full`.
  public func check(_ password: String, against hash: String?) async throws -> Bool {
    let known = hash ?? Passwords.nobody
    let isRight = try await run { Passwords.verify(password, known) }
    return isRight && hash != nil
  }

  public func stop() { pool.stop() }

  /// A refusal comes late: whoever tries again at once would keep the server busy with saying no.
  private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
    -> Value
  {
    do {
      return try await pool.run(work)
    } catch let full as BlockingPool.Full {
      try await Task.sleep(for: .milliseconds(200))
      throw full
    }
  }

  /// The memory for a hash is not to be had.
  struct OutOfMemory: Error {}

  private static func hash(_ password: String) throws -> String {
    var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
    let code = crypto_pwhash_str_alg(
      &text, password, UInt64(password.utf8.count), passes, memory, crypto_pwhash_ALG_ARGON2ID13)
    guard code == 0 else { throw OutOfMemory() }
    let end = text.firstIndex(of: 0) ?? text.count
    return String(decoding: text[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func verify(_ password: String, _ hash: String) -> Bool {
    crypto_pwhash_str_verify(hash, password, UInt64(password.utf8.count)) == 0
  }

  /// A hash of 32 random bytes that nobody knows, with the cost of every other one.
  private static let nobody: String = {
    do {
      return try hash(Base64URL.encode(Digest.random(32)))
    } catch {
      preconditionFailure("no memory to hash")
    }
  }()
}
