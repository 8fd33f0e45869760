import CSodium
import Postgres

/// What a shop says of a delivery in its headers.
public struct HookSignature: Sendable {
  public let signer: HookSecrets.Signer
  /// Identifies the delivery; the same one may come again.
  public let id: String
  /// Seconds since 1970 as they were sent; only Standard Webhooks has them.
  let timestamp: String
  let signatures: [String]

  /// How far its clock may be from ours.
  static let tolerance: Int64 = 300

  /// <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
  public static func standard(id: String, timestamp: String, signature: String) -> HookSignature {
    let ours = signature.split(separator: " ").filter { $0.hasPrefix("v1,") }
    return HookSignature(
      signer: .standard, id: id, timestamp: timestamp,
      signatures: ours.map { String($0.dropFirst(3)) })
  }

  /// The base64 of an HMAC-SHA256 of the body.
  /// - Parameter id: nil: the body identifies itself.
  public static func plain(
    _ signer: HookSecrets.Signer, id: String?, signature: String, body: [UInt8]
  ) -> HookSignature {
    HookSignature(
      signer: signer, id: id ?? Digest.hex(Digest.sha256(body)), timestamp: "",
      signatures: [signature])
  }

  /// Whether one of the keys has signed the body, not long ago.
  func isGood(_ body: [UInt8], keys: [[UInt8]], at now: Timestamp) -> Bool {
    guard (1...256).contains(id.count), isRecent(at: now) else { return false }
    let message = signer == .standard ? Array("\(id).\(timestamp).".utf8) + body : body
    var isGood = false
    // All are compared, so that time tells nothing.
    for key in keys {
      let expected = Array(Base64.encode(HookSignature.mac(message, key)).utf8)
      for signature in signatures where Digest.areEqual(expected, Array(signature.utf8)) {
        isGood = true
      }
    }
    return isGood
  }

  private func isRecent(at now: Timestamp) -> Bool {
    guard signer == .standard else { return true }
    guard let sent = Int64(timestamp) else { return false }
    let (age, over) = (now.microseconds / 1_000_000).subtractingReportingOverflow(sent)
    return !over && age.magnitude <= UInt64(Self.tolerance)
  }

  /// HMAC-SHA256 under a key of any length.
  static func mac(_ message: [UInt8], _ key: [UInt8]) -> [UInt8] {
    var state = crypto_auth_hmacsha256_state()
    var mac = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
    _ = crypto_auth_hmacsha256_init(&state, key, key.count)
    _ = crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
    _ = crypto_auth_hmacsha256_final(&state, &mac)
    return mac
  }
}
