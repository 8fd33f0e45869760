import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct DisputesTests {
  /// A product by Ada with the name that Bob is said to have found.
  private struct Scene {
    let story: Story
    let ada, bob, cleo, curator: MemberID
    let product: ProductID
    let name: ContributionID

    init(_ pool: Pool) async throws {
      story = Story(pool)
      ada = try await story.member("ada")
      bob = try await story.member("bob")
      cleo = try await story.member("cleo")
      curator = try await story.member("curator", role: .curator)
      product = try await story.product(by: ada, curator: curator)
      let outcome = try await story.contribute(bob, to: product, .naming)
      guard case .recorded(let event) = outcome else { throw Surprise("\(outcome)") }
      name = ContributionID(uuid: event)
    }
  }

  @Test func `shares are not locked over an open dispute, and an upheld one makes a new version`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let (story, product) = (scene.story, scene.product)
      #expect(try await story.propose(product) == 1)
      let id = try await story.disputed(product, by: scene.cleo)
      // The window is over; the answer is not there.
      try await pool.execute("UPDATE share_versions SET dispute_until = proposed_at")
      #expect(try await story.tryLock(product) == .disputeOpen(id))
      // Proposing again takes no dispute out of the way.
      #expect(try await story.propose(product, days: 0) == 2)
      #expect(try await story.tryLock(product) == .disputeOpen(id))
      try await expectRefusal("23514") {
        try await pool.execute(
          "UPDATE share_versions SET state = 'locked', locked_at = now() WHERE version = 2")
      }

      try await story.answer(id, of: product, .upheld(changes: "Cleo's name"), by: scene.curator)
      _ = try await story.revoke(scene.name, of: product)
      try await story.contribute(scene.cleo, to: product, .naming)
      #expect(try await story.propose(product, days: 0) == 3)
      #expect(try await story.tryLock(product) == .locked(version: 3))
      let holdings = try await story.holdings(product)
      #expect(holdings[scene.bob] == nil && holdings[scene.cleo] == 25_000_000)
      #expect(holdings.values.reduce(0, +) == 1_000_000_000)
      let kept = try await Dispute.all(of: product, in: pool).disputes
      #expect(kept.map(\.state) == [.upheld] && kept.first?.version == 1)
      try await story.verify()
    }
  }

  @Test func `a proposal that a dispute has shown to be wrong is never locked`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let (story, product) = (scene.story, scene.product)
      try await story.propose(product)
      let id = try await story.disputed(product, by: scene.cleo)
      try await story.answer(id, of: product, .upheld(changes: "The name"), by: scene.curator)
      try await pool.execute("UPDATE share_versions SET dispute_until = proposed_at")
      #expect(try await story.tryLock(product) == .disputeUpheld(id))
      try await expectRefusal("23514") {
        try await pool.execute("UPDATE share_versions SET state = 'locked', locked_at = now()")
      }
    }
  }

  @Test func `a rejected dispute lets the shares be locked, and later revenue gets a new version`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let (story, product) = (scene.story, scene.product)
      try await story.propose(product)
      let id = try await story.disputed(product, by: scene.cleo)
      try await story.answer(id, of: product, .rejected, by: scene.curator)
      try await pool.execute("UPDATE share_versions SET dispute_until = proposed_at")
      #expect(try await story.tryLock(product) == .locked(version: 1))

      // Long after the lock it turns out that Cleo was right.
      try await story.sell([Story.line("1", product, price: "100")])
      _ = try await story.revoke(scene.name, of: product)
      try await story.contribute(scene.cleo, to: product, .naming)
      try await story.lock(product)
      let later = Timestamp.now.description
      try await story.sell([Story.line("2", product, price: "100", soldAt: later)])
      try await story.settle()
      // Two and a half percent of each pool of 30 dollars.
      #expect(try await story.credited(scene.bob) == "0.75")
      #expect(try await story.credited(scene.cleo) == "0.75")
      try await story.verify()
    }
  }

  @Test func `what cannot be disputed is refused by name`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let (story, product) = (scene.story, scene.product)
      guard case .notProposed(nil) = try await story.dispute(product, by: scene.cleo) else {
        throw Surprise("nothing was proposed")
      }
      try await story.propose(product)
      guard case .notProposed(1) = try await story.dispute(product, version: 2, by: scene.cleo)
      else { throw Surprise("another version was proposed") }
      let late = Timestamp.now + .seconds(15 * 86_400)
      guard case .windowClosed = try await story.dispute(product, by: scene.cleo, at: late) else {
        throw Surprise("it was too late")
      }
      guard case .unknownProduct = try await story.dispute(ProductID.new(), by: scene.cleo) else {
        throw Surprise("there is no such product")
      }
      let id = try await story.disputed(product, by: scene.cleo)
      guard case .alreadyOpen(id) = try await story.dispute(product, by: scene.cleo) else {
        throw Surprise("it is open already")
      }
      await #expect(throws: Invalid.self) {
        try await pool.transaction {
          try await OpenDispute.run(
            product, version: 1, text: " ", evidence: [], by: scene.bob, in: $0)
        }
      }
      for table in ["disputes", "dispute_ends"] {
        try await expectRefusal("23001") {
          try await pool.execute("DELETE FROM \(unsafeSQL: table)")
        }
      }
    }
  }

  @Test func `a dispute ends once`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let (story, product) = (scene.story, scene.product)
      try await story.propose(product)
      let id = try await story.disputed(product, by: scene.cleo)
      func withdraw(_ member: MemberID) async throws -> EndDispute.Outcome {
        try await pool.transaction {
          try await EndDispute.withdraw(
            id, of: product, reason: "I was wrong.", by: member, in: $0)
        }
      }
      guard case .notForThisMember = try await withdraw(scene.bob) else {
        throw Surprise("Bob took back what is Cleo's")
      }
      guard
        case .notForThisMember = try await story.answer(
          id, of: product, .rejected, by: scene.cleo)
      else { throw Surprise("Cleo answered herself") }
      guard case .ended = try await withdraw(scene.cleo) else { throw Surprise("not ended") }
      guard case .repeated = try await withdraw(scene.cleo) else { throw Surprise("no repeat") }
      guard
        case .alreadyEnded = try await story.answer(
          id, of: product, .rejected, by: scene.curator)
      else { throw Surprise("it was withdrawn") }
      guard
        case .unknown = try await story.answer(
          DisputeID.new(), of: product, .rejected, by: scene.curator)
      else { throw Surprise("there is no such dispute") }
      // Who has taken one back may open another.
      _ = try await story.disputed(product, by: scene.cleo)
    }
  }

  @Test func `a contribution is taken back once, by an event that cannot be taken back`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let (story, product) = (scene.story, scene.product)
      let first = try await story.revoke(scene.name, of: product)
      guard case .revoked(let event) = first else { throw Surprise("\(first)") }
      guard case .alreadyRevoked(event) = try await story.revoke(scene.name, of: product) else {
        throw Surprise("it was taken back twice")
      }
      guard case .isRevocation = try await story.revoke(event, of: product) else {
        throw Surprise("a revocation was taken back")
      }
      guard case .unknownContribution = try await story.revoke(ContributionID.new(), of: product)
      else { throw Surprise("there is no such contribution") }
      guard case .unknownProduct = try await story.revoke(scene.name, of: ProductID.new()) else {
        throw Surprise("there is no such product")
      }
      #expect(try await story.holdings(product)[scene.bob] == nil)
      let audited = try await pool.one(
        "SELECT count(*) FROM audit WHERE action = 'contribution_revoked'", as: Int64.self)
      #expect(audited == 1)
    }
  }
}
