import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct ChainTests {
  private static let key = SealingKey(name: "test", seed: [UInt8](repeating: 3, count: 32))!

  private func entries(_ pool: Pool) async throws -> [String] {
    try await pool.all(
      "SELECT kind || ' ' || step FROM proof_entries ORDER BY number", as: String.self)
  }

  /// Two settlements and a payout that came back.
  private func tell(_ story: Story) async throws -> [MemberID] {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let crowd = try await story.crowd(3)
    let product = try await story.shared(by: ada, with: crowd, curator: curator)
    try await story.sell([Story.line("1", product, price: "100")])
    try await story.settle()
    try await story.pay(ada, marks: [.paid, .returned])
    try await story.sell([Story.line("2", product, price: "0.07", currency: "EUR")])
    try await story.settle()
    return [ada] + crowd
  }

  @Test func `what becomes final is chained with it, sealed and signed once`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      _ = try await tell(story)
      #expect(try await entries(pool) == ["settlement 0", "payout 3", "payout 4", "settlement 0"])
      let first = try await Verify.run(pool: pool)
      #expect(first.first == nil && first.unproven.settlements == 2)
      #expect(first.unproven.sentence != nil && first.unproven.payouts == 0)
      let report = try await KeepProof.run(key: Self.key, everything: true, in: pool)
      #expect(report.sealed == 2 && report.chained == 0 && report.signed == 6)
      #expect(try await entries(pool).suffix(2) == ["lines 0", "lines 0"])
      #expect(try await KeepProof.run(key: Self.key, everything: true, in: pool).didNothing)
      let second = try await Verify.run(pool: pool)
      #expect(second.first == nil && second.unproven.sentence == nil)
      #expect(try await SignCheckpoint.run(Self.key, in: pool) == .repeated)
      let settlement = try await pool.one(
        "SELECT id FROM settlements ORDER BY planned_at LIMIT 1", as: UUID.self)
      let id = SettlementID(uuid: settlement)
      #expect(try await SealSettlement.run(id, in: pool) == .repeated)
      #expect(try await SealSettlement.run(.new(), in: pool) == .notDone)
    }
  }

  @Test func `a database without a chain gets one of all that was final`() async throws {
    try await withDatabase { pool in
      #expect(try await SignCheckpoint.run(Self.key, in: pool) == .emptyChain)
      let story = Story(pool)
      _ = try await tell(story)
      let before = try await pool.all(
        "SELECT content FROM proof_entries ORDER BY content", as: [UInt8].self)
      try await forge(pool, "TRUNCATE proof_entries CASCADE")
      let report = try await KeepProof.run(key: nil, everything: true, in: pool)
      #expect(report.chained == 4 && report.sealed == 2 && report.signed == nil)
      let after = try await pool.all(
        "SELECT content FROM proof_entries WHERE kind <> 'lines' ORDER BY content",
        as: [UInt8].self)
      #expect(before == after)
      try await story.verify()
    }
  }

  @Test func `only one seals a settlement at a time`() async throws {
    try await withDatabase { pool in
      _ = try await tell(Story(pool))
      let id = SettlementID(
        uuid: try await pool.one("SELECT id FROM settlements LIMIT 1", as: UUID.self))
      try await pool.transaction { tx in
        try await tx.execute("SELECT pg_advisory_xact_lock(\(Int64(0x636f_696e_0011)))")
        #expect(try await SealSettlement.run(id, in: pool) == .busy)
      }
      #expect(try await SealSettlement.run(id, in: pool) == .sealed(leaves: 4))
    }
  }

  @Test func `payouts that end at once are chained one behind the other`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let curator = try await story.member("curator", role: .curator)
      let crowd = try await story.crowd(12)
      let product = try await story.shared(by: curator, with: crowd, curator: curator)
      try await story.sell([Story.line("1", product, price: "100000")])
      try await story.settle()
      var payouts: [PayoutID] = []
      for member in crowd { payouts.append(try await story.order(member)) }
      try await withThrowingTaskGroup(of: Void.self) { [payouts] group in
        for payout in payouts { group.addTask { try await story.mark(payout, .paid) } }
        try await group.waitForAll()
      }
      #expect(try await entries(pool).count == 13)
      try await story.verify()
    }
  }

  /// What somebody with all rights could do to the tables.
  private func forge(_ pool: Pool, _ sql: String) async throws {
    try await pool.transaction { tx in
      try await tx.execute("SET LOCAL session_replication_role = replica")
      let touched = try await tx.execute("\(unsafeSQL: sql)")
      #expect(touched > 0 || sql.hasPrefix("TRUNCATE") || sql.hasPrefix("ALTER"))
    }
  }

  private static let tampering: [(check: String, says: String, sql: [String])] = [
    (
      "chain", "entry 2 of the chain is not what step 3",
      ["UPDATE payouts SET amount = amount - 10000000"]
    ),
    ("chain", "is not what step 3", ["UPDATE payout_events SET at = at + interval '1 s'"]),
    ("chain", "which has no such step", ["DELETE FROM payout_events WHERE number = 3"]),
    (
      "chain", "is not what settlement",
      ["UPDATE settlements SET cut_off = cut_off + interval '1 s'"]
    ),
    ("chain", "is not what settlement", ["DELETE FROM deliveries"]),
    ("chain", "follows no entry 3", ["DELETE FROM proof_entries WHERE number = 3"]),
    (
      "chain", "entry 5 of the chain has another digest",
      ["UPDATE proof_entries SET content = sha256('x') WHERE number = 5"]
    ),
    ("lines", "that are not its own", ["UPDATE proof_leaves SET leaves = root"]),
    ("lines", "that are not its own", ["DELETE FROM proof_leaves"]),
    ("lines", "the key of the salts is gone", ["DELETE FROM signing_keys"]),
    ("lines", "that are not its own", ["UPDATE signing_keys SET key = sha256('x')"]),
    (
      "lines", "is not of what settlement",
      ["DELETE FROM transfers WHERE reason = 'credit' AND to_kind = 'clearing'"]
    ),
    (
      "lines", "is not of what settlement",
      ["UPDATE proof_entries SET content = sha256('x') WHERE kind = 'lines'"]
    ),
    (
      "checkpoints", "signature",
      ["UPDATE proof_checkpoints SET note = replace(note, E'\\n6\\n', E'\\n7\\n')"]
    ),
    ("checkpoints", "is not of the chain's entry 5", ["UPDATE proof_checkpoints SET size = 5"]),
    ("checkpoints", "is signed by another key", ["UPDATE proof_keys SET name = 'other'"]),
    (
      "checkpoints", "is not of the chain's entry 6",
      ["UPDATE proof_checkpoints SET hash = sha256('x')"]
    ),
    (
      "checkpoints", "is by a key that is not among the known ones",
      ["UPDATE proof_keys SET public_key = sha256('x')"]
    ),
    ("checkpoints", "is by a key that is not among the known ones", ["DELETE FROM proof_keys"]),
  ]

  @Test(arguments: tampering.indices)
  func `who rewrites what is chained, or the chain, is found`(index: Int) async throws {
    let (check, says, sql) = Self.tampering[index]
    try await withDatabase { pool in
      let story = Story(pool)
      _ = try await tell(story)
      _ = try await KeepProof.run(key: Self.key, in: pool)
      try await story.verify()
      for statement in sql { try await forge(pool, statement) }
      let findings = try await Verify.run(pool: pool).checks.compactMap(\.finding)
      #expect(
        findings.contains { $0.check == check && $0.detail.contains(says) }, "\(findings)")
    }
  }

  @Test func `a chain that was written anew does not fit what was signed`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      _ = try await tell(story)
      _ = try await KeepProof.run(key: Self.key, in: pool)
      try await forge(pool, "DELETE FROM proof_entries")
      try await forge(pool, "DELETE FROM proof_leaves")
      try await forge(pool, "UPDATE settlements SET cut_off = cut_off + interval '1 s'")
      try await forge(pool, "UPDATE lifetime_marker SET cut_off = cut_off + interval '1 s'")
      _ = try await KeepProof.run(key: nil, everything: true, in: pool)
      let findings = try await Verify.run(pool: pool).checks.compactMap(\.finding)
      #expect(findings.map(\.check) == ["checkpoints"], "\(findings)")
    }
  }

  @Test(arguments: ["proof_entries", "proof_leaves", "proof_keys", "proof_checkpoints"])
  func `nobody changes or deletes what is proven`(table: String) async throws {
    try await withDatabase { pool in
      _ = try await tell(Story(pool))
      _ = try await KeepProof.run(key: Self.key, in: pool)
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("DELETE FROM \(unsafeSQL: table)")
      }
      #expect(try await pool.one("SELECT count(*) FROM \(unsafeSQL: table)", as: Int.self) > 0)
    }
  }
}
