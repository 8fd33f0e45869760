import Postgres

/// Walks the hash chain: its links, what its entries are of, and what is signed.
enum VerifyChain {
  private static func finding(_ number: Int64, _ detail: String) -> Finding {
    Finding(check: "chain", detail: "entry \(number) of the chain \(detail)")
  }

  /// Numbers without a gap, each with the hash of the one before it.
  static func links(in tx: Transaction) async throws -> Verify.Check {
    try await tx.execute(
      """
      DECLARE chain NO SCROLL CURSOR FOR
      SELECT number, previous, kind, thing, step, content, moment, digest, hash
      FROM proof_entries ORDER BY number
      """)
    var (rows, previous): (Int64, [UInt8]) = (0, ChainLink.beginning)
    var wrong: Finding?
    while wrong == nil {
      let batch = try await tx.all("FETCH 4000 FROM chain", of: StoredEntry.self)
      if batch.isEmpty { break }
      for stored in batch where wrong == nil {
        rows += 1
        let link = ChainLink(number: rows, previous: previous, digest: stored.entry.digest)
        wrong = fault(stored, should: link).map { finding(stored.link.number, $0) }
        previous = link.hash
      }
    }
    try await tx.execute("CLOSE chain")
    return Verify.Check(name: "the hash chain holds", rows: Int(rows), finding: wrong)
  }

  private static func fault(_ stored: StoredEntry, should link: ChainLink) -> String? {
    if stored.link.number != link.number { return "follows no entry \(link.number)" }
    if stored.link.previous != link.previous { return "does not follow the entry before it" }
    if stored.link.digest != link.digest { return "has another digest than its fields make" }
    return stored.hash == link.hash ? nil : "has another hash than it makes"
  }

  /// Each chained step of a payout is as it was when it was chained.
  static func payouts(in tx: Transaction) async throws -> Verify.Check {
    try await tx.execute(
      """
      DECLARE chained_payouts NO SCROLL CURSOR FOR
      SELECT e.number, e.content, v.payout_id IS NOT NULL, coalesce(v.payout_id, e.thing),
        coalesce(v.number, 0), coalesce(v.member_id, e.thing), coalesce(v.rail::text, 'csv'),
        coalesce(v.from_state::text, 'paid'), coalesce(v.to_state::text, 'paid'),
        coalesce(p.currency, 'USD'), coalesce(p.amount, 0), coalesce(v.at, e.moment)
      FROM proof_entries e
      LEFT JOIN payout_events v ON v.payout_id = e.thing AND v.number = e.step
      LEFT JOIN payouts p ON p.member_id = v.member_id AND p.id = v.payout_id
      WHERE e.kind = 'payout' ORDER BY e.number
      """)
    var rows = 0
    var wrong: Finding?
    while wrong == nil {
      let batch = try await tx.all("FETCH 4000 FROM chained_payouts", of: ChainedPayout.self)
      if batch.isEmpty { break }
      rows += batch.count
      wrong = batch.lazy.compactMap(fault).first
    }
    try await tx.execute("CLOSE chained_payouts")
    return Verify.Check(
      name: "chained payouts are as they were", rows: rows, finding: wrong)
  }

  private static func fault(_ chained: ChainedPayout) -> Finding? {
    let step = chained.step
    if !chained.isThere {
      return finding(chained.number, "is of \(step.payout), which has no such step")
    }
    return step.entry.content == chained.content
      ? nil : finding(chained.number, "is not what step \(step.step) of \(step.payout) says now")
  }

  static func settlements(in tx: Transaction) async throws -> Verify.Check {
    let entries = try await tx.all(
      """
      SELECT number, thing, content FROM proof_entries WHERE kind = 'settlement' ORDER BY number
      """, as: (Int64, UUID, [UInt8]).self)
    var wrong: Finding?
    for (number, thing, content) in entries where wrong == nil {
      let id = SettlementID(uuid: thing)
      let now = try await ChainSettlement.content(of: id, in: tx)
      if now?.hash != content {
        wrong = finding(number, "is not what settlement \(id) says now")
      }
    }
    return Verify.Check(
      name: "chained settlements are as they were", rows: entries.count, finding: wrong)
  }

  /// Signatures are good, and of entries that the chain has.
  static func checkpoints(in tx: Transaction) async throws -> Verify.Check {
    let rows = try await tx.all(
      """
      SELECT c.size, c.note, k.name, c.public_key, c.hash, e.hash
      FROM proof_checkpoints c LEFT JOIN proof_keys k USING (public_key)
      LEFT JOIN proof_entries e ON e.number = c.size
      ORDER BY c.size, c.public_key
      """, as: SignedRow.self)
    return Verify.Check(
      name: "checkpoints are signed and of the chain", rows: rows.count,
      finding: rows.lazy.compactMap(fault).first)
  }

  /// Size, note, the key's name, the key, the hash beside the note, and the chain's.
  private typealias SignedRow = (Int64, String, String?, [UInt8], [UInt8], [UInt8]?)

  private static func fault(_ row: SignedRow) -> Finding? {
    let (size, note, name, bytes, noted, hash) = row
    func wrong(_ detail: String) -> Finding {
      Finding(check: "checkpoints", detail: "the checkpoint of size \(size) \(detail)")
    }
    guard let name else { return wrong("is by a key that is not among the known ones") }
    guard let key = PublicKey(name: name, bytes: bytes) else { return wrong("has no key") }
    do throws(Checkpoint.Fault) {
      let checkpoint = try Checkpoint.read(note, signedBy: key)
      return checkpoint.size == size && checkpoint.hash == hash && noted == hash
        ? nil : wrong("is not of the chain's entry \(size)")
    } catch {
      return wrong("\(error)")
    }
  }
}

/// A row of the chain as it is stored.
private struct StoredEntry: RowDecodable {
  let link: ChainLink
  let entry: ChainEntry
  let hash: [UInt8]

  init(row: inout RowReader) throws {
    let (number, previous) = (try row.next(Int64.self), try row.next([UInt8].self))
    entry = ChainEntry(
      kind: try row.known(), thing: try row.next(), step: Int(try row.next(Int32.self)),
      content: try row.next(), moment: try row.next())
    link = ChainLink(number: number, previous: previous, digest: try row.next())
    hash = try row.next()
  }
}

private struct ChainedPayout: RowDecodable {
  let number: Int64
  let content: [UInt8]
  /// False when the history has no such step: the rest then means nothing.
  let isThere: Bool
  let step: ChainPayout

  init(row: inout RowReader) throws {
    number = try row.next()
    content = try row.next()
    isThere = try row.next()
    step = try ChainPayout(row: &row)
  }
}
