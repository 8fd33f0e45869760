import Postgres

/// Makes the hash tree over the lines of a settlement that is done, and chains its root.
///
/// A step of its own behind the settlement, so that nobody's money waits for hashes. It is one
/// transaction: one that was killed leaves nothing, and is begun again.
public enum SealSettlement {
  public enum Outcome: Sendable, Equatable {
    case repeated
    case sealed(leaves: Int)
    /// Another one is sealing; it does the same work.
    case busy
    case notDone
  }

  private static let lock: Int64 = 0x636f_696e_0011

  public static func run(_ id: SettlementID, in pool: Pool) async throws -> Outcome {
    try await pool.transaction { tx in
      for setting in ["statement_timeout = 0", "idle_in_transaction_session_timeout = 0"] {
        try await tx.execute("SET LOCAL \(unsafeSQL: setting)")
      }
      guard try await tx.one("SELECT pg_try_advisory_xact_lock(\(lock))", as: Bool.self) else {
        return .busy
      }
      if try await isSealed(id, in: tx) { return .repeated }
      guard try await isDone(id, in: tx) else { return .notDone }
      try await ChainSettlement.run(id, in: tx)
      return .sealed(leaves: try await seal(id, in: tx))
    }
  }

  private static func seal(_ id: SettlementID, in tx: Transaction) async throws -> Int {
    try await tx.execute("SET LOCAL work_mem = '256MB'")
    let salt = try await LineSalt.make(in: tx)
    var tree = LineTree()
    try await SettledLines.each(SettledLines.all(of: id), of: id, in: tx) { lines in
      if let block = tree.add(lines, salt: salt) { try await keep(block, of: id, in: tx) }
    }
    if let block = tree.finish() { try await keep(block, of: id, in: tx) }
    let now = try await DatabaseClock.now(in: tx)
    try await AppendToChain.run(
      LinesRoot(settlement: id, leaves: tree.leaves, root: tree.root).entry(at: now), in: tx)
    return tree.leaves
  }

  private static func keep(_ block: LineTree.Block, of id: SettlementID, in tx: Transaction)
    async throws
  {
    try await tx.execute(
      """
      INSERT INTO proof_leaves (settlement_id, block, first_member, leaves, root)
      VALUES (\(id.uuid), \(Int32(block.number)), \(block.first.uuid),
        \(Array(block.leaves.joined())), \(MerkleTree.root(block.leaves)))
      """)
  }

  static func isSealed(_ id: SettlementID, in db: some Queryable) async throws -> Bool {
    try await db.one(
      "SELECT EXISTS (SELECT FROM proof_entries WHERE kind = 'lines' AND thing = \(id.uuid))",
      as: Bool.self)
  }

  private static func isDone(_ id: SettlementID, in tx: Transaction) async throws -> Bool {
    try await tx.one(
      "SELECT EXISTS (SELECT FROM settlements WHERE id = \(id.uuid) AND done_at IS NOT NULL)",
      as: Bool.self)
  }
}

/// The tree over all members' lines of a settlement, in members' order, as it grows.
struct LineTree {
  /// 256 leaves, or what is left of them: a whole tree inside the tree.
  struct Block {
    let number: Int
    let first: MemberID
    let leaves: [[UInt8]]
  }

  static let blockSize = 256

  private var tree = MerkleTree.Growing()
  private var block: [[UInt8]] = []
  private var first: MemberID?

  var leaves: Int { tree.count }
  var root: [UInt8] { tree.root }

  /// - Returns: a block that is full now.
  mutating func add(_ lines: MemberLines, salt: LineSalt) -> Block? {
    let leaf = lines.leaf(salt: salt.of(lines.member, in: lines.settlement))
    if block.isEmpty { first = lines.member }
    block.append(leaf)
    tree.add(leaf)
    return block.count == LineTree.blockSize ? finish() : nil
  }

  /// - Returns: the block that was begun, if there is one.
  mutating func finish() -> Block? {
    guard let first, !block.isEmpty else { return nil }
    let number = (tree.count - 1) / LineTree.blockSize
    defer { block = [] }
    return Block(number: number, first: first, leaves: block)
  }
}

/// What the chain says of a settlement's tree.
struct LinesRoot: Sendable, Equatable {
  let settlement: SettlementID
  let leaves: Int
  let root: [UInt8]

  var content: [UInt8] {
    Digest.sha256(
      """
      coinvent root v1
      settlement \(settlement)
      leaves \(leaves)
      root \(Digest.hex(root))

      """)
  }

  func entry(at moment: Timestamp) -> ChainEntry {
    ChainEntry(kind: .lines, thing: settlement.uuid, step: 0, content: content, moment: moment)
  }
}
