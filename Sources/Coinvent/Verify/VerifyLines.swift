import Ledger
import Postgres

/// Makes each settlement's tree again, from what the books credited, and compares.
enum VerifyLines {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    let entries = try await tx.all(
      "SELECT number, thing, content FROM proof_entries WHERE kind = 'lines' ORDER BY number",
      as: (Int64, UUID, [UInt8]).self)
    var (rows, wrong): (Int, Finding?) = (0, nil)
    let salt = try await LineSalt.read(in: tx)
    for (number, thing, content) in entries where wrong == nil {
      let id = SettlementID(uuid: thing)
      guard let salt else {
        wrong = finding(number, "cannot be made again: the key of the salts is gone")
        break
      }
      let (tree, misplaced) = try await grow(id, salt, in: tx)
      rows += tree.leaves
      if let misplaced {
        wrong = finding(number, misplaced)
      } else if LinesRoot(settlement: id, leaves: tree.leaves, root: tree.root).content != content {
        wrong = finding(number, "is not of what settlement \(id) credited")
      }
    }
    return Verify.Check(
      name: "trees of members' lines are of what was credited", rows: rows, finding: wrong)
  }

  private static func finding(_ number: Int64, _ detail: String) -> Finding {
    Finding(check: "lines", detail: "the tree of entry \(number) of the chain \(detail)")
  }

  /// The tree, and the first stored row of leaves that is not of it.
  private static func grow(_ id: SettlementID, _ salt: LineSalt, in tx: Transaction) async throws
    -> (LineTree, String?)
  {
    var tree = LineTree()
    var misplaced: String?
    func compare(_ block: LineTree.Block) async throws {
      if misplaced == nil, try await !isStored(block, of: id, in: tx) {
        misplaced = "has stored leaves of \(id), block \(block.number), that are not its own"
      }
    }
    try await SettledLines.each(credited(by: id), of: id, in: tx) { lines in
      if let block = tree.add(lines, salt: salt) { try await compare(block) }
    }
    if let block = tree.finish() { try await compare(block) }
    return (tree, misplaced)
  }

  private static func isStored(_ block: LineTree.Block, of id: SettlementID, in tx: Transaction)
    async throws -> Bool
  {
    let row = try await tx.first(
      """
      SELECT first_member, leaves, root FROM proof_leaves
      WHERE settlement_id = \(id.uuid) AND block = \(Int32(block.number))
      """, as: (UUID, [UInt8], [UInt8]).self)
    guard let (first, leaves, root) = row else { return false }
    return first == block.first.uuid && leaves == Array(block.leaves.joined())
      && root == MerkleTree.root(block.leaves)
  }

  /// Lines by the transfers that were posted, not by the plan that they were posted from. What a
  /// transfer has no share or part for is a line of nothing, and so misses in the tree.
  private static func credited(by id: SettlementID) -> Query {
    """
    SELECT member_id, product_id, contract_version, share_version, currency, refers, ppb, before,
      after
    FROM (
      SELECT t.member_id, c.product_id, c.contract_version, c.share_version, c.currency,
        t.refers, CASE WHEN t.refers THEN \(Recipe.whole) ELSE coalesce(s.ppb, 0) END AS ppb,
        CASE WHEN t.refers THEN coalesce(r.before, 0)
             ELSE c.before - c.referred_before END AS before,
        CASE WHEN t.refers THEN coalesce(r.after, 0)
             ELSE c.after - c.referred_after END AS after
      FROM pool_changes c
      JOIN (
        SELECT home, cause, reason = 'refer' AS refers,
          CASE from_kind WHEN 'product_pool' THEN to_owner ELSE from_owner END AS member_id
        FROM transfers WHERE reason IN ('credit', 'refer')
      ) AS t ON t.home = c.product_id AND t.cause = c.cause
      LEFT JOIN share_totals s ON NOT t.refers AND s.product_id = c.product_id
        AND s.version = c.share_version AND s.member_id = t.member_id
      LEFT JOIN referral_changes r ON t.refers AND r.product_id = c.product_id
        AND r.settlement_id = c.settlement_id AND r.contract_version = c.contract_version
        AND r.share_version = c.share_version AND r.currency = c.currency
        AND r.member_id = t.member_id
      WHERE c.settlement_id = \(id.uuid)
    ) AS line
    WHERE member_id <> \(Account.operator)
    ORDER BY \(SettledLines.order)
    """
  }
}
