import Postgres

/// One entry of the hash chain: what became final, and the hash of its content.
///
/// `Docs/proof.md` has the texts that are hashed; they never change for entries that exist.
public struct ChainEntry: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// A settlement is done: its pools and what members were credited.
    case settlement
    /// The root of the tree over the settlement's lines.
    case lines
    /// A step of a payout that moved money for good.
    case payout
  }

  public let kind: Kind
  public let thing: UUID
  /// The number of the payout's event; 0 for settlements.
  public let step: Int
  /// SHA-256 of the thing's canonical text.
  public let content: [UInt8]
  public let moment: Timestamp

  /// The thing's id as people know it.
  public var name: String {
    switch kind {
    case .settlement, .lines: SettlementID(uuid: thing).description
    case .payout: PayoutID(uuid: thing).description
    }
  }

  /// What the chain hashes of the entry: who has only this learns nothing of it.
  public var digest: [UInt8] {
    Digest.sha256(
      """
      coinvent entry v1
      kind \(kind.rawValue)
      name \(name)
      step \(step)
      content \(Digest.hex(content))
      moment \(moment)

      """)
  }
}

/// Where an entry stands in the chain.
public struct ChainLink: Sendable, Equatable {
  /// From 1.
  public let number: Int64
  /// The hash of the link before it; zeros for the first.
  public let previous: [UInt8]
  public let digest: [UInt8]

  public static let beginning = [UInt8](repeating: 0, count: 32)

  public var hash: [UInt8] {
    Digest.sha256(
      """
      coinvent chain v1
      number \(number)
      previous \(Digest.hex(previous))
      entry \(Digest.hex(digest))

      """)
  }
}

extension Digest {
  /// SHA-256 of a text's UTF-8.
  public static func sha256(_ text: String) -> [UInt8] { sha256(Array(text.utf8)) }

  /// - Returns: nil unless it is lower-case hexadecimal.
  public static func bytes(hex text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for place in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[place]), let low = value(digits[place + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
