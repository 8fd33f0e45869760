import Postgres

/// How asking for a proof ended.
public enum MakeProofOutcome: Sendable {
  /// What is not signed yet is left out, and counted.
  case made(Proof, waiting: Int)
  /// There is something to prove, and nothing of it is signed yet.
  case unsigned
  /// Nothing was credited or paid.
  case nothing
  case noSuchSettlement
}

/// Gathers what proves a member's lines and payouts.
public enum MakeProof {
  /// In a transaction that reads one moment's view.
  /// - Parameter settlement: only this one, without payouts; nil for everything.
  public static func run(
    for member: MemberID, settlement: SettlementID? = nil, in tx: Transaction
  ) async throws -> MakeProofOutcome {
    if let settlement, try await !exists(settlement, in: tx) { return .noSuchSettlement }
    var (parts, steps, waiting): ([Proof.Lines], [Proof.Step], Int) = ([], [], 0)
    for id in try await settlements(of: member, only: settlement, in: tx) {
      let lines = try await SettledLines.of(member, in: id, tx)
      if lines.lines.isEmpty { continue }
      if let part = try await part(lines, in: tx) { parts.append(part) } else { waiting += 1 }
    }
    for step in settlement == nil ? try await payouts(of: member, in: tx) : [] {
      let entry = step.entry
      if let (_, chain) = try await chained(entry.kind, entry.thing, entry.step, in: tx) {
        steps.append(Proof.Step(step: step, chain: chain))
      } else {
        waiting += 1
      }
    }
    if parts.isEmpty && steps.isEmpty { return waiting == 0 ? .nothing : .unsigned }
    return .made(Proof(member: member, settlements: parts, payouts: steps), waiting: waiting)
  }

  private static func exists(_ id: SettlementID, in tx: Transaction) async throws -> Bool {
    try await tx.one(
      "SELECT EXISTS (SELECT FROM settlements WHERE id = \(id.uuid))", as: Bool.self)
  }

  private static func settlements(
    of member: MemberID, only: SettlementID?, in tx: Transaction
  ) async throws -> [SettlementID] {
    if let only { return [only] }
    return try await tx.all(
      """
      SELECT s.id FROM settlements s WHERE s.id IN (
        SELECT c.settlement_id FROM share_totals t
        JOIN pool_changes c ON c.product_id = t.product_id AND c.share_version = t.version
        WHERE t.member_id = \(member.uuid)
        UNION
        SELECT settlement_id FROM referral_changes WHERE member_id = \(member.uuid))
        AND s.done_at IS NOT NULL
      ORDER BY s.planned_at
      """, as: UUID.self
    ).map(SettlementID.init(uuid:))
  }

  private static func payouts(of member: MemberID, in tx: Transaction) async throws
    -> [ChainPayout]
  {
    try await tx.all(
      """
      SELECT \(ChainPayouts.columns)
      FROM payout_events v JOIN payouts p ON p.member_id = v.member_id AND p.id = v.payout_id
      WHERE v.member_id = \(member.uuid) AND v.to_state IN ('paid', 'failed', 'returned')
      ORDER BY v.at, v.payout_id, v.number
      """, of: ChainPayout.self)
  }

  private static func part(_ lines: MemberLines, in tx: Transaction) async throws -> Proof.Lines? {
    let id = lines.settlement
    guard let (moment, chain) = try await chained(.lines, id.uuid, 0, in: tx),
      let salt = try await LineSalt.read(in: tx)?.of(lines.member, in: id)
    else { return nil }
    let tree = try await StoredTree.read(id, in: tx)
    let leaf = lines.leaf(salt: salt)
    guard let (index, path) = try await tree.way(to: leaf, of: lines.member, in: tx) else {
      throw Missing(member: lines.member, settlement: id)
    }
    return Proof.Lines(
      lines: lines, salt: salt, index: index, leaves: tree.leaves, path: path, moment: moment,
      chain: chain)
  }

  /// An entry's place up to the first checkpoint behind it; nil when there is none yet.
  private static func chained(
    _ kind: ChainEntry.Kind, _ thing: UUID, _ step: Int, in tx: Transaction
  ) async throws -> (moment: Timestamp, chain: Proof.Chained)? {
    let row = try await tx.first(
      """
      SELECT e.number, e.previous, e.moment, c.size, c.note, k.name, k.public_key
      FROM proof_entries e
      JOIN LATERAL (
        SELECT size, note, public_key FROM proof_checkpoints
        WHERE size >= e.number ORDER BY size, signed_at LIMIT 1
      ) AS c ON true
      JOIN proof_keys k USING (public_key)
      WHERE e.kind = \(kind.rawValue) AND e.thing = \(thing) AND e.step = \(Int32(step))
      """, as: (Int64, [UInt8], Timestamp, Int64, String, String, [UInt8]).self)
    guard let (number, previous, moment, size, note, name, bytes) = row,
      let key = PublicKey(name: name, bytes: bytes)
    else { return nil }
    let following = try await tx.all(
      """
      SELECT digest FROM proof_entries WHERE number > \(number) AND number <= \(size)
      ORDER BY number
      """, as: [UInt8].self)
    return (
      moment,
      Proof.Chained(
        number: number, previous: previous, following: following, checkpoint: note, key: key)
    )
  }

  /// The tree does not have what the books say: somebody has changed one of them.
  struct Missing: Error, CustomStringConvertible {
    let member: MemberID
    let settlement: SettlementID
    var description: String {
      "the tree of \(settlement) has no such lines of \(member); run: coinvent verify"
    }
  }
}

/// The stored tree of a settlement: roots of its blocks, and leaves where they are asked for.
struct StoredTree {
  private let settlement: SettlementID
  private let blocks: [(first: UUID, leaves: Int, root: [UInt8])]

  var leaves: Int { blocks.reduce(0) { $0 + $1.leaves } }

  static func read(_ id: SettlementID, in tx: Transaction) async throws -> StoredTree {
    let rows = try await tx.all(
      """
      SELECT first_member, length(leaves) / 32, root FROM proof_leaves
      WHERE settlement_id = \(id.uuid) ORDER BY block
      """, as: (UUID, Int32, [UInt8]).self)
    return StoredTree(
      settlement: id, blocks: rows.map { (first: $0, leaves: Int($1), root: $2) })
  }

  /// The place of a member's leaf, and the hashes beside its way to the root.
  func way(to leaf: [UInt8], of member: MemberID, in tx: Transaction) async throws
    -> (index: Int, path: [[UInt8]])?
  {
    guard let number = blocks.lastIndex(where: { $0.first <= member.uuid }) else { return nil }
    let bytes = try await tx.one(
      """
      SELECT leaves FROM proof_leaves
      WHERE settlement_id = \(settlement.uuid) AND block = \(Int32(number))
      """, as: [UInt8].self)
    let leaves = stride(from: 0, to: bytes.count, by: 32).map { Array(bytes[$0..<$0 + 32]) }
    guard let place = leaves.firstIndex(of: leaf) else { return nil }
    let inside = MerkleTree.path(to: place, in: leaves[...])
    let above = MerkleTree.path(to: number, in: blocks.map(\.root)[...])
    return (number * LineTree.blockSize + place, inside + above)
  }
}
