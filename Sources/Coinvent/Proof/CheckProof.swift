import Ledger
import Postgres

/// Checks a proof from nothing but its file, and says what it shows.
public enum CheckProof {
  /// What a proof shows, when it holds.
  public struct Shown: Sendable {
    public let proof: Proof
    /// Whose signatures it ends with.
    public let keys: [PublicKey]
    public let sentences: [String]
    /// False when no key was named: then the file itself says who signed.
    public let isTrusted: Bool
  }

  /// - Parameter trusted: keys that may have signed; empty for those that the file names.
  public static func run(_ bytes: [UInt8], trusted: [PublicKey] = []) throws(ProofFault) -> Shown {
    let proof = try ReadProof.run(bytes)
    guard !proof.settlements.isEmpty || !proof.payouts.isEmpty else {
      throw ProofFault(
        place: "", detail: "The file proves nothing: it has no lines and no payouts.")
    }
    var keys: [PublicKey] = []
    var sentences: [String] = []
    func note(_ chain: Proof.Chained) { if !keys.contains(chain.key) { keys.append(chain.key) } }
    for (number, part) in proof.settlements.enumerated() {
      let place = "/settlements/\(number)"
      let point = try check(part, trusted, at: place)
      note(part.chain)
      sentences.append(part.sentence(signed: point))
    }
    for (number, part) in proof.payouts.enumerated() {
      let point = try check(
        part.step.entry, part.chain, trusted, at: "/payouts/\(number)",
        says: "the payout's step as it is told here is not what was chained")
      note(part.chain)
      sentences.append(part.sentence(signed: point))
    }
    return Shown(
      proof: proof, keys: keys, sentences: sentences, isTrusted: !trusted.isEmpty)
  }

  private static func check(_ part: Proof.Lines, _ trusted: [PublicKey], at place: String)
    throws(ProofFault) -> Checkpoint
  {
    let leaf = part.lines.leaf(salt: part.salt)
    guard
      let root = MerkleTree.root(
        of: leaf, at: part.index, size: part.leaves, path: part.path)
    else {
      throw ProofFault(
        place: "\(place)/path", detail: "is no way from leaf \(part.index) of \(part.leaves)")
    }
    let entry = LinesRoot(
      settlement: part.lines.settlement, leaves: part.leaves, root: root
    ).entry(at: part.moment)
    return try check(
      entry, part.chain, trusted, at: place,
      says: "these lines, on this way, are not in the tree that was chained")
  }

  /// - Parameter fault: what a hash that does not fit means.
  private static func check(
    _ entry: ChainEntry, _ chain: Proof.Chained, _ trusted: [PublicKey], at place: String,
    says fault: String
  ) throws(ProofFault) -> Checkpoint {
    guard trusted.isEmpty || trusted.contains(chain.key) else {
      throw ProofFault(
        place: "\(place)/chain/key", detail: "is another key than was asked for: \(chain.key)")
    }
    let point: Checkpoint
    do throws(Checkpoint.Fault) {
      point = try Checkpoint.read(chain.checkpoint, signedBy: chain.key)
    } catch { throw ProofFault(place: "\(place)/chain/checkpoint", detail: "\(error)") }
    var link = ChainLink(number: chain.number, previous: chain.previous, digest: entry.digest)
    for digest in chain.following {
      link = ChainLink(number: link.number + 1, previous: link.hash, digest: digest)
    }
    guard link.number == point.size else {
      throw ProofFault(
        place: "\(place)/chain",
        detail: "ends with entry \(link.number), and \(point.size) are signed")
    }
    guard link.hash == point.hash else {
      throw ProofFault(
        place: place, detail: "does not lead to the signed hash: \(fault), or the chain is another")
    }
    return point
  }
}

extension Proof.Lines {
  fileprivate func sentence(signed point: Checkpoint) -> String {
    let sums = lines.totals.map { Amount(nanos: $0.nanos, currency: $0.currency).description }
    let count = lines.lines.count == 1 ? "1 line" : "\(lines.lines.count) lines"
    return "Settlement \(lines.settlement) credited \(sums.joined(separator: ", ")) in \(count): "
      + "leaf \(index + 1) of \(leaves), entry \(chain.number) of the chain, signed by "
      + "\(point.origin) with \(point.size) entries at \(point.moment)."
  }
}

extension Proof.Step {
  fileprivate func sentence(signed point: Checkpoint) -> String {
    "Payout \(step.payout) over \(step.amount) was \(step.to.rawValue) at \(step.moment): entry "
      + "\(chain.number) of the chain, signed by \(point.origin) with \(point.size) entries at "
      + "\(point.moment)."
  }
}
