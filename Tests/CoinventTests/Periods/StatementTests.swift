import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct StatementTests {
  /// Ada's product, with locked shares.
  private func opened(_ story: Story) async throws -> (ada: MemberID, product: ProductID) {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.product(by: ada, curator: curator)
    try await story.lock(product)
    return (ada, product)
  }

  @Test func `a statement says each line's arithmetic, and adds up to the balance`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      try await story.sell([
        Story.line("1", product, quantity: 12, price: "9.99", discount: "5.00"),
        Story.line("2", product, channel: "retail", price: "7.77"),
      ])
      try await story.period("2026-01")
      let statement = try #require(try await story.statement(ada, "2026-01"))
      let account = try #require(statement.accounts.first)
      #expect(statement.version == 1)
      #expect(account.opening == 0 && account.closing == account.credited)
      let lines = try #require(account.products.first).lines
      #expect(
        lines.map(\.sentence) == [
          "12 units × 9.99 − 5.00 discount = 114.88 base × 30 % = 34.464 pool × 42 % share "
            + "= 14.47488",
          "1 unit × 7.77 = 7.77 base × 10 % = 0.777 pool × 42 % share = 0.32634",
        ])
      #expect(lines.map(\.amount) == [14_474_880_000, 326_340_000])
      #expect(account.products.map(\.credited) == [account.credited])
      // A return is a line of the next period.
      try await story.sell([
        Story.line(
          "back", product, quantity: -2, price: "9.99", soldAt: "2026-02-03T12:00:00Z",
          returnOf: "1")
      ])
      try await story.period("2026-02")
      let next = try #require(try await story.statement(ada, "2026-02")?.accounts.first)
      #expect(next.opening == account.closing)
      #expect(
        next.products.first?.lines.map(\.sentence) == [
          "−2 units × 9.99 = −19.98 base × 30 % = −5.994 pool × 42 % share = −2.51748"
        ])
      try await story.verify()
    }
  }

  @Test func `what cutting leaves is a line of its own, and all lines make the credit`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let members = try await story.members(7)
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: members[0], curator: curator)
      for member in members.dropFirst() {
        try await story.contribute(member, to: product, .naming)
      }
      try await story.lock(product)
      try await story.openPeriod("2026-01")
      for round in 1...3 {
        try await story.sell(
          (1...5).map {
            try Story.line(
              "\(round)-\($0)", product, channel: $0 % 2 == 0 ? "retail" : "direct",
              price: "\(round).000000\($0)7", soldAt: "2026-01-0\(round)T00:00:00Z")
          })
        try await story.settle()
      }
      try await story.period("2026-01")
      var roundings = 0
      for member in members {
        let statement = try #require(try await story.statement(member, "2026-01"))
        let account = try #require(statement.accounts.first)
        #expect(account.products.reduce(0) { $0 + $1.credited } == account.credited)
        for line in account.products.flatMap(\.lines) where line.kind == .rounding {
          roundings += 1
          #expect(line.amount.magnitude < 8)
        }
      }
      #expect(roundings > 0)
    }
  }

  @Test func `payouts that are paid and come back are on the statements, each once`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.period("2026-01")
      let payout = UUID.v7(now: .now)
      let usd = try #require(Currency("USD"))
      let money = MovePayoutMoney(
        member: ada, payout: PayoutID(uuid: payout),
        amount: Amount(nanos: 10_000_000_000, currency: usd), at: Timestamp(microseconds: 1))
      try await pool.transaction { try await money.run(.reserve, in: $0) }
      try await story.period("2026-02")
      let reserved = try #require(try await story.statement(ada, "2026-02")?.accounts.first)
      #expect(reserved.closing == 12_600_000_000 && reserved.inFlight == 10_000_000_000)
      #expect(reserved.movements.isEmpty)
      // However it is dated: a transfer is on the first statement that is made after it.
      try await pool.transaction { try await money.run(.pay, in: $0) }
      try await story.period("2026-03")
      let paid = try #require(try await story.statement(ada, "2026-03")?.accounts.first)
      #expect(paid.opening == 12_600_000_000 && paid.closing == 2_600_000_000)
      #expect(paid.total(.paid) == -10_000_000_000)
      try await pool.transaction { try await money.run(.bounce, in: $0) }
      try await story.period("2026-04")
      let back = try #require(try await story.statement(ada, "2026-04")?.accounts.first)
      #expect(back.opening == 2_600_000_000 && back.closing == 12_600_000_000)
      #expect(back.movements.map(\.kind) == [.bounced])
    }
  }

  @Test func `a reopened period makes another version and leaves the first as it was`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.period("2026-01")
      let first = try #require(try await story.statement(ada, "2026-01"))
      try await story.sell([Story.line("late", product, price: "10")])
      try await story.reopenPeriod("2026-01")
      // What was told stays visible while the period is open again.
      #expect(try await story.statement(ada, "2026-01")?.version == 1)
      try await story.previewPeriod("2026-01")
      try await story.approvePeriod("2026-01")
      try await pool.execute("UPDATE products SET name = 'Another name'")
      try await story.publishPeriod("2026-01")
      let second = try #require(try await story.statement(ada, "2026-01"))
      #expect(second.version == 2)
      let account = try #require(second.accounts.first)
      #expect(account.opening == 0)
      #expect(account.closing == 13_860_000_000)
      #expect(account.closingBefore == 12_600_000_000)
      #expect(account.products.flatMap(\.lines).map(\.isNew) == [false, true])
      let again = try #require(try await story.statement(ada, "2026-01", version: 1))
      #expect(again.bytes == first.bytes)
      try await story.period("2026-02")
      #expect(try await story.statement(ada, "2026-02")?.accounts.first?.opening == 13_860_000_000)
    }
  }

  @Test func `publishing stops after any step and goes on, and shows nothing before the end`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.openPeriod("2026-01")
      try await story.previewPeriod("2026-01")
      try await story.approvePeriod("2026-01")
      let period = try #require(try await Period.find("2026-01", in: pool))
      let draft = try #require(try await FindStatement.draft(of: ada, period: period, pool: pool))
      for steps in 1...2 {
        await #expect(throws: CancellationError.self) {
          _ = try await PublishPeriod.run("2026-01", by: nil, pool: pool, steps: steps)
        }
        #expect(try await story.statement(ada, "2026-01") == nil)
        guard case .unfinished = try await story.reopenPeriod("2026-01") else {
          Issue.record("reopened while it was being published")
          return
        }
      }
      guard case .published(_, 1, 1) = try await story.publishPeriod("2026-01") else {
        Issue.record("not published")
        return
      }
      let told = try #require(try await story.statement(ada, "2026-01"))
      #expect(told.accounts.first?.closing == draft.accounts.first?.closing)
      let notices = try await pool.one(
        "SELECT count(*) FROM member_notices WHERE kind = 'statement'", as: Int64.self)
      #expect(notices == 1)
      #expect(try await FindStatement.list(of: ada, in: pool).map(\.version) == [1])
    }
  }

  @Test func `publishing and closing say no by name`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      guard case .unknown = try await story.publishPeriod("2026-01"),
        case .unknown = try await story.closePeriod("2026-01")
      else {
        Issue.record("a period that is not there")
        return
      }
      try await story.openPeriod("2026-01")
      try await story.openPeriod("2026-02")
      guard case .notApproved = try await story.publishPeriod("2026-01"),
        case .notPublished = try await story.closePeriod("2026-01")
      else {
        Issue.record("an open period was published or closed")
        return
      }
      for name in ["2026-01", "2026-02"] {
        try await story.previewPeriod(name)
        try await story.approvePeriod(name)
      }
      guard case .earlierFirst(let first) = try await story.publishPeriod("2026-02"),
        case .published = try await story.publishPeriod("2026-01"),
        case .repeated = try await story.publishPeriod("2026-01"),
        case .closed = try await story.closePeriod("2026-01"),
        case .repeated = try await story.closePeriod("2026-01")
      else {
        Issue.record("another outcome")
        return
      }
      #expect(first.name == "2026-01")
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE period_events SET reason = 'Another.'")
      }
    }
  }

  @Test func `a statement whose rows were changed is not shown`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.period("2026-01")
      try await story.verify()
      try await pool.execute("UPDATE settlement_lines SET units = units + 1")
      await #expect(throws: FindStatement.IsNotTheSame.self) {
        _ = try await story.statement(ada, "2026-01")
      }
      let report = try await Verify.run(pool: pool)
      #expect(report.checks.compactMap(\.finding).contains { $0.check == "statements" })
    }
  }

  @Test func `random periods, late sales and reopenings chain to the balances`() async throws {
    var seed = Seeded(seed: 7)
    for _ in 0..<3 {
      let plan = (0..<12).map { _ in Int.random(in: 0..<6, using: &seed) }
      try await withDatabase { pool in
        let story = Story(pool)
        let members = try await story.members(4)
        let curator = try await story.member("curator", role: .curator)
        var products: [ProductID] = []
        for member in members.prefix(2) {
          let product = try await story.product(by: member, curator: curator)
          for other in members { try await story.contribute(other, to: product, .naming) }
          try await story.lock(product)
          products.append(product)
        }
        var month = 1
        for (number, choice) in plan.enumerated() {
          try await story.sell([
            Story.line(
              "\(number)", products[number % 2], quantity: choice + 1, price: "\(number).37",
              soldAt: "2026-01-0\(choice + 1)T00:00:00Z")
          ])
          switch choice {
          case 0, 1:
            try await story.period("2026-0\(month)")
            month += 1
          case 2 where month > 1:
            try await story.reopenPeriod("2026-0\(month - 1)")
            try await story.previewPeriod("2026-0\(month - 1)")
            try await story.approvePeriod("2026-0\(month - 1)")
            try await story.publishPeriod("2026-0\(month - 1)")
          case 3:
            try await story.settle()
            if let open = try await Period.latest(in: pool), open.isAutomatic {
              try await story.publishPeriod(open.name)
            }
          default: break
          }
          if month > 9 { break }
          let latest = try await Period.latest(in: pool)
          if latest?.isAutomatic == true { break }
        }
        try await story.settle()
        for period in try await Period.all(in: pool).reversed() {
          if period.state == .open {
            try await story.previewPeriod(period.name)
            try await story.approvePeriod(period.name)
          }
          try await story.publishPeriod(period.name)
        }
        try await story.verify()
        for member in members {
          var closing: Int64 = 0
          for entry in try await FindStatement.list(of: member, in: pool).reversed() {
            let statement = try #require(
              try await story.statement(member, entry.name, version: entry.version))
            let account = try #require(statement.accounts.first)
            #expect(account.products.reduce(0) { $0 + $1.credited } == account.credited)
            if entry.version == 1 { #expect(account.opening == closing) }
            closing = account.closing
          }
          let owed = try await pool.one(
            "SELECT coalesce(sum(balance), 0)::bigint FROM balances WHERE owner = \(member.uuid)",
            as: Int64.self)
          #expect(closing == owed)
        }
      }
    }
  }
}
