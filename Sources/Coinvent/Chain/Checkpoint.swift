import Postgres

/// Says that the chain has so many entries and ends with this hash. Signed, it is a note that
/// holds its writer to it.
///
/// Lines as in C2SP's checkpoints; the hash is the chain's head, and the fourth line the moment.
/// <https://c2sp.org/tlog-checkpoint>
public struct Checkpoint: Sendable, Equatable {
  public let origin: String
  public let size: Int64
  public let hash: [UInt8]
  public let moment: Timestamp

  var text: String { "\(origin)\n\(size)\n\(Base64.encode(hash))\n\(moment)\n" }

  /// The text with its signature.
  func note(signedBy key: SealingKey) -> String {
    let signature = Base64.encode(key.publicKey.id + key.sign(text))
    return "\(text)\n— \(key.publicKey.name) \(signature)\n"
  }

  public enum Fault: Error, Equatable, CustomStringConvertible {
    case malformed, otherKey, forged

    public var description: String {
      switch self {
      case .malformed: "is no checkpoint with one signature"
      case .otherKey: "is signed by another key"
      case .forged: "has a signature that is not of its text"
      }
    }
  }

  /// Reads a note and makes sure that `key` has signed it.
  public static func read(_ note: String, signedBy key: PublicKey) throws(Fault) -> Checkpoint {
    let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 7, lines[4].isEmpty, lines[6].isEmpty, let size = Int64(lines[1]),
      let hash = Base64.decode(String(lines[2])), hash.count == 32,
      let moment = Timestamp(rfc3339: String(lines[3]))
    else { throw .malformed }
    let checkpoint = Checkpoint(
      origin: String(lines[0]), size: size, hash: hash, moment: moment)
    let start = "— \(key.name) "
    guard note.hasPrefix(checkpoint.text), lines[5].hasPrefix("— ") else { throw .malformed }
    guard lines[5].hasPrefix(start), checkpoint.origin == key.name,
      let signature = Base64.decode(String(lines[5].dropFirst(start.count))),
      Array(signature.prefix(4)) == key.id
    else { throw .otherKey }
    guard key.signed(checkpoint.text, Array(signature.dropFirst(4))) else { throw .forged }
    return checkpoint
  }
}
