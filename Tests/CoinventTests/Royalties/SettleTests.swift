import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct SettleTests {
  private func opened(_ story: Story, lock: Bool = true) async throws -> (MemberID, ProductID) {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.product(by: ada, curator: curator)
    if lock { try await story.lock(product) }
    return (ada, product)
  }

  @Test func `settling again changes nothing and says so`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      guard case .settled(let summary) = try await story.settle() else {
        Issue.record("nothing was settled")
        return
      }
      #expect(summary.lines.map(\.pool) == [30_000_000_000])
      #expect(summary.lines.map(\.credited) == [12_600_000_000])
      #expect(summary.lines.map(\.house) == [17_400_000_000])
      #expect(summary.lines.map(\.crumbs) == [0])
      guard case .nothingToDo(let waiting, _) = try await story.settle() else {
        Issue.record("a second settlement found something")
        return
      }
      #expect(waiting.isEmpty)
      #expect(try await story.credited(ada) == "12.60")
    }
  }

  @Test func `sales wait, and are named, until the shares are locked`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story, lock: false)
      try await story.sell([Story.line("1", product, price: "100")])
      guard case .nothingToDo(let waiting, _) = try await story.settle() else {
        Issue.record("money moved on shares that are not locked")
        return
      }
      #expect(waiting.map(\.product) == [product])
      #expect(waiting.map(\.lines) == [1])
      try await story.lock(product)
      try await story.settle()
      #expect(try await story.credited(ada) == "12.60")
    }
  }

  @Test func `a cut-off leaves later sales for later and never moves back`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      try await story.sell([
        Story.line("jan", product, price: "100", soldAt: "2026-01-31T23:59:59Z"),
        Story.line("feb", product, price: "100", soldAt: "2026-02-01"),
      ])
      try await story.settle(through: Day("2026-01-31"))
      #expect(try await story.credited(ada) == "12.60")
      try await story.settle(through: Day("2026-02-28"))
      #expect(try await story.credited(ada) == "25.20")
      guard case .nothingToDo = try await story.settle(through: Day("2026-01-31")) else {
        Issue.record("an earlier cut-off took something back")
        return
      }
      // A late line of January is counted by the next run, whatever that run is asked for.
      try await story.sell([Story.line("late", product, price: "100", soldAt: "2026-01-05")])
      try await story.settle(through: Day("2026-01-31"))
      #expect(try await story.credited(ada) == "37.80")
      try await story.verify()
    }
  }

  @Test func `a preview writes nothing and names every pool that would change`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      let changes = try await PreviewSettlement.run(through: nil, pool: pool).changes
      #expect(changes.map(\.product) == [product])
      #expect(changes.map(\.after.decimal) == ["30.00"])
      #expect(try await story.credited(ada) == "0.00")
      let settlements = try await pool.one("SELECT count(*) FROM settlements", as: Int.self)
      #expect(settlements == 0)
    }
  }

  @Test func `a second run at the same time is told that one is running`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (_, product) = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      try await pool.session { session in
        let got = try await session.one(
          "SELECT pg_try_advisory_lock(\(SettlementLock.key))", as: Bool.self)
        #expect(got)
        guard case .busy = try await story.settle() else {
          Issue.record("two settlements ran at once")
          return
        }
        try await session.execute("SELECT pg_advisory_unlock(\(SettlementLock.key))")
      }
    }
  }

  @Test func `many runs at once settle exactly once`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      try await story.sell((0..<200).map { try Story.line("\($0)", product, price: "1.01") })
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 { group.addTask { _ = try await story.settle() } }
        try await group.waitForAll()
      }
      _ = try await story.settle()
      #expect(try await story.credited(ada) == "25.452")
      try await story.verify()
    }
  }

  @Test(arguments: 0...6)
  func `a run that stops after any step is finished by the next`(stop: Int) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      try await pool.session { session in
        guard case .planned(let id) = try await PlanSettlement.run(through: nil, in: session) else {
          Issue.record("nothing was planned")
          return
        }
        if stop >= 1 { try await story.post(id, in: session) }
        if stop >= 2 { try await story.post(id, in: session) }
        for (number, least) in [(0, 3), (0, 4), (1, 5)] where stop >= least {
          try await DeliverCredits.step(Int64(number), of: 2, id, in: session)
        }
        if stop >= 6 { try await DeliverCredits.close(id, in: session) }
      }
      try await story.verify()
      // What arrives in between belongs to the next settlement and is not lost.
      try await story.sell([Story.line("2", product, price: "100")])
      try await story.verify()
      try await story.settle()
      #expect(try await story.credited(ada) == "25.20")
      let earnings = try await Earnings.of(ada, in: pool)
      #expect(earnings.totals.map(\.payable) == [25_200_000_000])
      #expect(earnings.totals.map(\.held) == [0])
      try await story.verify()
    }
  }

  @Test func `a contract that changes governs later sales only`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      let lower = ContractTerms(base: .net, rates: [("direct", 100_000), ("retail", 100_000)])
      let start = Timestamp.now + .seconds(3600)
      let outcome = try await pool.transaction {
        try await story.amend(product, lower, startsAt: start, in: $0)
      }
      #expect(outcome == .opened(version: 2))
      try await story.sell([
        Story.line("1", product, price: "100"),
        Story.line("2", product, price: "100", soldAt: (start + .seconds(1)).description),
        Story.line(
          "r", product, quantity: -1, price: "100", soldAt: (start + .seconds(2)).description,
          returnOf: "1"),
      ])
      try await story.settle()
      // The return claws back at the rate that was paid: only the sale at ten percent is left.
      #expect(try await story.credited(ada) == "4.20")
      try await story.verify()
    }
  }

  @Test func `a contract may not begin in the past nor drop a channel`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (_, product) = try await opened(story)
      let past = try await pool.transaction {
        try await story.amend(product, .standard, startsAt: Timestamp.now - .seconds(60), in: $0)
      }
      guard case .startsInThePast = past else {
        Issue.record("\(past)")
        return
      }
      let narrow = ContractTerms(base: .net, rates: [("direct", 300_000)])
      let dropped = try await pool.transaction {
        try await story.amend(product, narrow, startsAt: Timestamp.now + .seconds(60), in: $0)
      }
      #expect(dropped == .dropsChannel("retail"))
    }
  }
}

extension Story {
  /// Posts what is left of a settlement, in one transaction.
  func post(_ settlement: UUID, in session: Session) async throws {
    let left = try await PostSettlement.products(of: settlement, in: session).left
    try await PostSettlement.post(settlement, left, in: session)
  }
}

@Suite struct CheckSettlementTests {
  private func planned(_ story: Story) async throws -> UUID {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.product(by: ada, curator: curator)
    try await story.lock(product)
    try await story.sell([Story.line("1", product, price: "100")])
    return try await story.pool.session { session in
      guard case .planned(let id) = try await PlanSettlement.run(through: nil, in: session) else {
        throw Surprise("nothing was planned")
      }
      return id
    }
  }

  @Test func `a settlement whose books are not as planned stays open and says why`() async throws {
    for (damage, detail) in [
      ("UPDATE pool_changes SET posted = true", "were posted"),
      ("DELETE FROM transfers WHERE reason = 'pool'", "was to change by 30000000000 nanos USD"),
      ("DELETE FROM transfers WHERE reason = 'credit'", "members were given 0 nanos USD"),
      ("UPDATE deliveries SET credited = credited - 1", "12599999999 went on to them"),
    ] {
      try await withDatabase { pool in
        let id = try await planned(Story(pool))
        for table in ["transfers", "deliveries"] {
          try await pool.execute("GRANT DELETE, UPDATE ON \(unsafeSQL: table) TO CURRENT_USER")
        }
        try await pool.session { session in
          if !damage.contains("pool_changes") {
            try await Story(pool).post(id, in: session)
            for number: Int64 in 0...1 {
              try await DeliverCredits.step(number, of: 2, id, in: session)
            }
            try await CheckSettlement.run(id, in: session)
          }
          try await session.execute("\(unsafeSQL: damage)")
        }
        let error = await #expect(throws: PostDiffersFromPlan.self) {
          try await Story(pool).settle()
        }
        #expect(error?.detail.contains(detail) == true, "\(error?.detail ?? "")")
        #expect(try await pool.one("SELECT state FROM settlements", as: String.self) == "planned")
      }
    }
  }
}
