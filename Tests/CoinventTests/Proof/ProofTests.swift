import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct ProofTests {
  private static let key = SealingKey(name: "example.org", seed: [UInt8](repeating: 5, count: 32))!

  private struct Scene {
    let story: Story
    let members: [MemberID]

    func proof(_ member: MemberID, _ settlement: SettlementID? = nil) async throws
      -> MakeProofOutcome
    {
      try await story.pool.transaction(isolation: .repeatableRead, readOnly: true) {
        try await MakeProof.run(for: member, settlement: settlement, in: $0)
      }
    }

    func file(_ member: MemberID) async throws -> [UInt8] {
      guard case .made(let proof, 0) = try await proof(member) else { throw Surprise("no proof") }
      return proof.file
    }

    func settlements() async throws -> [SettlementID] {
      try await story.pool.all(
        "SELECT id FROM settlements ORDER BY planned_at", as: UUID.self
      ).map(SettlementID.init(uuid:))
    }
  }

  /// Two settlements of a product with `count` who named it, and a payout of its inventor that
  /// came back.
  private func tell(_ pool: Pool, _ count: Int = 3) async throws -> Scene {
    let story = Story(pool)
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let crowd = try await story.crowd(count)
    let product = try await story.shared(by: ada, with: crowd, curator: curator)
    try await story.sell([Story.line("1", product, price: "1000")])
    try await story.settle()
    try await story.pay(ada, marks: [.paid, .returned])
    try await story.sell([Story.line("2", product, price: "70", currency: "EUR")])
    try await story.settle()
    return Scene(story: story, members: [ada] + crowd)
  }

  @Test func `every member's lines are proven, at every place in the tree`() async throws {
    try await withDatabase { pool in
      let scene = try await tell(pool, 300)
      _ = try await KeepProof.run(key: Self.key, in: pool)
      for member in scene.members {
        let bytes = try await scene.file(member)
        let shown = try CheckProof.run(bytes, trusted: [Self.key.publicKey])
        #expect(shown.isTrusted && shown.keys == [Self.key.publicKey])
        #expect(shown.proof.settlements.count == 2)
        let credited = shown.proof.settlements.flatMap(\.lines.lines).filter {
          $0.currency.code == "USD"
        }.reduce(0) { $0 + $1.amount }
        let usd = try #require(Currency("USD"))
        #expect(
          try await scene.story.credited(member)
            == Amount(nanos: credited, currency: usd).decimal)
      }
      let ada = try CheckProof.run(try await scene.file(scene.members[0]))
      #expect(ada.sentences.count == 4 && !ada.isTrusted)
      #expect(ada.sentences[0].contains("credited 126.00 USD in 1 line: leaf 1 of 301, entry"))
      #expect(ada.sentences[2].contains("over 126.00 USD was paid at"))
      #expect(ada.sentences[3].contains("over 126.00 USD was returned at"))
    }
  }

  @Test func `whoever asks too early or in vain hears why`() async throws {
    try await withDatabase { pool in
      let scene = try await tell(pool)
      let ada = scene.members[0]
      guard case .unsigned = try await scene.proof(ada) else { return #expect(Bool(false)) }
      let nobody = try await scene.story.member("nobody")
      guard case .nothing = try await scene.proof(nobody),
        case .noSuchSettlement = try await scene.proof(ada, .new())
      else { return #expect(Bool(false)) }
      _ = try await KeepProof.run(key: Self.key, in: pool)
      let first = try await scene.settlements()[0]
      guard case .made(let one, 0) = try await scene.proof(ada, first) else {
        return #expect(Bool(false))
      }
      #expect(one.settlements.count == 1 && one.payouts.isEmpty)
      try await scene.story.pay(ada)
      guard case .made(let most, 1) = try await scene.proof(ada) else {
        return #expect(Bool(false))
      }
      #expect(most.payouts.count == 2)
    }
  }

  @Test func `a tree that does not have the lines is told, not papered over`() async throws {
    try await withDatabase { pool in
      let scene = try await tell(pool)
      _ = try await KeepProof.run(key: Self.key, in: pool)
      try await pool.execute("UPDATE signing_keys SET key = sha256('x') WHERE purpose = 'lines'")
      await #expect(throws: MakeProof.Missing.self) { try await scene.proof(scene.members[1]) }
    }
  }

  @Test func `no byte of a file can be changed`() async throws {
    try await withDatabase { pool in
      let scene = try await tell(pool)
      _ = try await KeepProof.run(key: Self.key, in: pool)
      let bytes = try await scene.file(scene.members[0])
      _ = try CheckProof.run(bytes, trusted: [Self.key.publicKey])
      // The chain goes by digests: who is beside the member is nowhere in it.
      let text = String(decoding: bytes, as: UTF8.self)
      for other in scene.members.dropFirst() { #expect(!text.contains("\(other)")) }
      for place in bytes.indices {
        var turned = bytes
        turned[place] ^= 1
        #expect(throws: ProofFault.self, "byte \(place)") {
          try CheckProof.run(turned, trusted: [Self.key.publicKey])
        }
      }
      for short in [0, 1, bytes.count / 2, bytes.count - 2] {
        #expect(throws: ProofFault.self) { try CheckProof.run(Array(bytes.prefix(short))) }
      }
    }
  }

  @Test func `what was forged is named`() async throws {
    try await withDatabase { pool in
      let scene = try await tell(pool)
      _ = try await KeepProof.run(key: Self.key, in: pool)
      let ada = String(decoding: try await scene.file(scene.members[0]), as: UTF8.self)
      func fault(_ old: String, _ new: String) -> String {
        #expect(ada.contains(old), "\(old)")
        let forged = Array(ada.replacing(old, with: new, maxReplacements: 1).utf8)
        do throws(ProofFault) {
          _ = try CheckProof.run(forged)
          return "holds"
        } catch { return error.description }
      }
      #expect(
        fault("\"amount\": \"126.0", "\"amount\": \"127.0").contains("/lines/0/amount: is not"))
      #expect(
        fault(
          "\"amount\": \"126.000000000\",\n      \"currency",
          "\"amount\": \"127.000000000\",\n      \"currency"
        )
        .hasPrefix("/payouts/0: does not lead to the signed hash: the payout's step"))
      #expect(
        fault("\"index\": 0", "\"index\": 1").contains("these lines, on this way, are not in"))
      #expect(fault("\"leaves\": 4", "\"leaves\": 1").contains("is no way from leaf 0 of 1"))
      #expect(fault("\"number\": 5", "\"number\": 6").contains("ends with entry"))
      #expect(
        fault("example.org\\n", "example.com\\n").contains("checkpoint: is signed by another"))
      #expect(fault("\\n6\\n", "\\n7\\n").contains("has a signature that is not of its text"))
      #expect(fault("{", "{ ").contains("in another form"))
      #expect(
        fault("\"share_ppb\": 420000000", "\"share_ppb\": 4200000000").contains("more than all"))
      #expect(fault("proof v1", "proof v2").contains("/format: is not"))
      let other = SealingKey(name: "example.org", seed: [UInt8](repeating: 6, count: 32))!
      #expect(throws: ProofFault.self) {
        try CheckProof.run(Array(ada.utf8), trusted: [other.publicKey])
      }
      let empty = Proof(member: scene.members[0], settlements: [], payouts: [])
      #expect(throws: ProofFault.self) { try CheckProof.run(empty.file) }
    }
  }
}
