import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct ForesightTests {
  private func opened(_ story: Story) async throws -> (MemberID, ProductID) {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.product(by: ada, curator: curator)
    try await story.lock(product)
    return (ada, product)
  }

  @Test func `a sale dated far ahead waits, is named, and moves no cut-off`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      let (tomorrow, far) = (Day.today.adding(days: 1), Day.today.adding(days: 3600))
      try await story.sell([
        Story.line("1", product, price: "100"),
        Story.line("far", product, price: "100", soldAt: "\(far)"),
        Story.line("further", product, price: "100", soldAt: "\(far.adding(days: 9))"),
      ])
      let preview = try await PreviewSettlement.run(through: nil, pool: pool)
      #expect(preview.changes.map(\.after.decimal) == ["30.00"])
      guard case .settled(let summary) = try await story.settle() else {
        Issue.record("nothing was settled")
        return
      }
      #expect(summary.ahead == SalesAhead(after: tomorrow, lines: 2, first: far))
      #expect(summary.ahead == preview.ahead)
      #expect(
        summary.ahead?.sentence
          == "2 sale lines are dated after \(tomorrow), the first \(far); they wait.")
      #expect(try await story.credited(ada) == "12.60")
      #expect(summary.cutOff < tomorrow.adding(days: 1).start)
      // Nothing to do stores how far it has counted; that is no day ahead either.
      guard case .nothingToDo(_, let ahead?) = try await story.settle() else {
        Issue.record("the sales did not go on waiting")
        return
      }
      #expect(ahead == summary.ahead)
      let counted = try #require(try await LifetimePools.Scope.counted(in: pool))
      #expect(counted.cutOff < tomorrow.adding(days: 1).start)
      try await story.sell([Story.line("2", product, price: "100", soldAt: "\(Day.today)")])
      try await story.settle(through: Day.today)
      #expect(try await story.credited(ada) == "25.20")
      try await story.verify()
      // Their days come.
      try await story.settle(through: far)
      #expect(try await story.credited(ada) == "37.80")
      try await story.settle(through: far.adding(days: 9))
      #expect(try await story.credited(ada) == "50.40")
      #expect(try await SalesAhead.find(in: pool) == nil)
      try await story.verify()
    }
  }

  @Test func `a sale dated tomorrow counts, for clocks and time zones differ`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await opened(story)
      let tomorrow = Day.today.adding(days: 1)
      try await story.sell([
        Story.line("1", product, price: "100", soldAt: "\(tomorrow)T23:59:59Z")
      ])
      guard case .settled(let summary) = try await story.settle() else {
        Issue.record("nothing was settled")
        return
      }
      #expect(summary.ahead == nil)
      #expect(try await story.credited(ada) == "12.60")
      try await story.verify()
    }
  }

  @Test func `a reserve is held as of the clock, whatever a sale dated far ahead says`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let reserve = #""reserve":{"ppm":500000,"period":"year","held":5}"#
      let product = try await story.product(
        by: ada, curator: curator, contract: try Ledgerless.terms("net", reserve))
      try await story.lock(product)
      try await story.sell([
        Story.line("1", product, price: "1000", soldAt: "\(Day.today.adding(days: -1))"),
        Story.line("far", product, price: "1000", soldAt: "\(Day.today.adding(days: 3600))"),
      ])
      try await story.settle()
      #expect(try await story.pools(product) == "50.00")
      try await story.verify()
    }
  }

  @Test func `what waits is named by the day that was looked at`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (_, product) = try await opened(story)
      #expect(try await SalesAhead.find(in: pool) == nil)
      try await story.sell([Story.line("1", product, price: "1", soldAt: "2999-01-01")])
      let found = try await SalesAhead.find(in: pool)
      #expect(found?.sentence.hasSuffix(", 2999-01-01; it waits.") == true)
      let last = try #require(Day("2998-12-31"))
      let later = try await SalesAhead.find(cutOff: last.adding(days: 1).start, in: pool)
      #expect(later?.after == last)
      let none = try await SalesAhead.find(cutOff: last.adding(days: 2).start, in: pool)
      #expect(none == nil)
    }
  }

  @Test func `a period is previewed when it is over, or when that is said`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (_, product) = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      func open(_ name: String, _ through: Day, ahead: Bool) async throws -> OpenPeriodOutcome {
        try await pool.transaction { tx in
          try await OpenPeriod.run(name, through: through, by: nil, ahead: ahead, in: tx)
        }
      }
      func preview(_ name: String, ahead: Bool) async throws -> PreviewPeriodOutcome {
        try await PreviewPeriod.run(name, by: nil, ahead: ahead, pool: pool)
      }
      let far = Day.today.adding(days: 400)
      #expect(try await open("far", far, ahead: false) == .farAhead)
      guard case .opened = try await open("today", Day.today, ahead: false),
        case .notOver(let period) = try await preview("today", ahead: false),
        case .opened = try await open("far", far, ahead: true),
        case .previewed(let early) = try await preview("today", ahead: true)
      else {
        Issue.record("another outcome")
        return
      }
      #expect(period.name == "today")
      #expect(early.cutOff == Day.today.adding(days: 1).start)
    }
  }

  @Test func `a period of the policy's counts what there is until its month is over`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (_, product) = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      let limits = try #require(ApprovalLimits("USD 1"))
      guard
        case .needsApproval(let period, _) = try await Settle.run(
          through: nil, limits: limits, pool: pool)
      else {
        Issue.record("it was posted")
        return
      }
      let eve = try await story.member("eve", role: .finance)
      guard
        case .previewed(let named) = try await PreviewPeriod.run(
          period.name, limits: limits, by: eve, ahead: false, pool: pool)
      else {
        Issue.record("it could not be previewed with a name")
        return
      }
      #expect(named.madeBy == eve)
      #expect(named.cutOff < Day.today.adding(days: 2).start)
    }
  }
}
