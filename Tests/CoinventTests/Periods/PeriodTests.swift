import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct PeriodTests {
  /// A locked product of ada's with a sale of 100.00 in January, which makes a pool of 30.00.
  private func sold(_ story: Story) async throws -> (ada: MemberID, product: ProductID) {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.product(by: ada, curator: curator)
    try await story.lock(product)
    try await story.sell([Story.line("1", product, price: "100")])
    return (ada, product)
  }

  @Test func `what is posted after approval is what was previewed, and later sales are not in it`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await sold(story)
      guard case .opened(let period) = try await story.openPeriod("2026-01") else {
        Issue.record("no period")
        return
      }
      #expect(period.through == Day("2026-01-31"))
      guard case .previewed(let preview) = try await story.previewPeriod("2026-01") else {
        Issue.record("no preview")
        return
      }
      #expect(preview.changes == 1)
      #expect(preview.exceeds == nil)
      // Nothing is planned or posted yet.
      let rows = try await pool.one("SELECT count(*) FROM settlements", as: Int64.self)
      #expect(rows == 0)
      #expect(try await story.credited(ada) == "0.00")
      try await story.sell([Story.line("late", product, price: "100")])
      guard case .approved(let after, let summary?) = try await story.approvePeriod("2026-01")
      else {
        Issue.record("not approved")
        return
      }
      #expect(after.state == .approved)
      #expect(summary.id == preview.id)
      #expect(summary.lines.map(\.pool) == [30_000_000_000])
      #expect(try await story.credited(ada) == "12.60")
      try await story.verify()
      #expect(
        try await story.life("2026-01")
          == ["opened open", "previewed previewed", "approved approved"])
      // The late line is of the next period.
      try await story.openPeriod("2026-02")
      try await story.previewPeriod("2026-02")
      try await story.approvePeriod("2026-02")
      #expect(try await story.credited(ada) == "25.20")
      try await story.verify()
    }
  }

  @Test func `another preview replaces one that is not approved, and is named by its id`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await sold(story)
      try await story.openPeriod("2026-01")
      guard case .previewed(let first) = try await story.previewPeriod("2026-01") else {
        Issue.record("no preview")
        return
      }
      try await story.sell([Story.line("2", product, price: "100")])
      guard case .previewed(let second) = try await story.previewPeriod("2026-01"),
        case .otherPreview(let current) = try await story.approvePeriod(
          "2026-01", preview: first.id)
      else {
        Issue.record("the replaced preview was approved")
        return
      }
      #expect(current.id == second.id)
      #expect(first.sha256 != second.sha256)
      guard case .approved = try await story.approvePeriod("2026-01", preview: second.id),
        case .repeated = try await story.approvePeriod("2026-01", preview: second.id)
      else {
        Issue.record("the latest preview was not approved once")
        return
      }
      #expect(try await story.credited(ada) == "25.20")
    }
  }

  @Test func `above the limit a plan takes two people, and the database agrees`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, _) = try await sold(story)
      let (eve, max) = (
        try await story.member("eve", role: .finance), try await story.member("max", role: .admin)
      )
      let bob = try await story.member("bob", role: .curator)
      try await story.openPeriod("2026-01")
      let limits = try #require(ApprovalLimits("USD 29.99"))
      guard
        case .previewed(let preview) = try await story.previewPeriod(
          "2026-01", limits: limits, by: eve)
      else {
        Issue.record("no preview")
        return
      }
      #expect(
        preview.exceeds == "pools change by 30.00 USD, above the limit of 29.99 USD")
      for who in [eve, nil] {
        guard case .needsAnother = try await story.approvePeriod("2026-01", by: who) else {
          Issue.record("one person did it alone")
          return
        }
      }
      guard case .needsFinance = try await story.approvePeriod("2026-01", by: bob) else {
        Issue.record("somebody who is not of finance approved")
        return
      }
      let period = try #require(try await Period.find("2026-01", in: pool))
      await #expect(throws: DatabaseError.self) {
        try await pool.transaction { tx in
          _ = try await MovePeriod(
            what: .approved, reason: "Alone.", by: eve, now: .now, preview: preview
          ).run(period, to: .approved, in: tx)
        }
      }
      guard case .approved = try await story.approvePeriod("2026-01", by: max) else {
        Issue.record("another person could not approve")
        return
      }
      #expect(try await story.credited(ada) == "12.60")
    }
  }

  @Test func `above the limit the maker must be named, and a preview with a name is approved`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, _) = try await sold(story)
      let (eve, max) = (
        try await story.member("eve", role: .finance), try await story.member("max", role: .finance)
      )
      try await story.openPeriod("2026-01")
      let limits = try #require(ApprovalLimits("USD 1"))
      try await story.previewPeriod("2026-01", limits: limits)
      for who in [eve, nil] {
        guard case .makerUnnamed = try await story.approvePeriod("2026-01", by: who) else {
          Issue.record("a plan without a maker was approved")
          return
        }
      }
      #expect(try await story.credited(ada) == "0.00")
      try await story.previewPeriod("2026-01", limits: limits, by: eve)
      guard case .approved = try await story.approvePeriod("2026-01", by: max) else {
        Issue.record("another person could not approve")
        return
      }
      #expect(try await story.credited(ada) == "12.60")
    }
  }

  @Test func `at the limit the same person may approve`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      _ = try await sold(story)
      let eve = try await story.member("eve")
      try await story.openPeriod("2026-01")
      let limits = try #require(ApprovalLimits("EUR 1, USD 30"))
      try await story.previewPeriod("2026-01", limits: limits, by: eve)
      guard case .approved = try await story.approvePeriod("2026-01", by: eve) else {
        Issue.record("not approved")
        return
      }
    }
  }

  @Test func `settling above the limit stops at a preview until it is approved`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await sold(story)
      let limits = try #require(ApprovalLimits("USD 10"))
      let eve = try await story.member("eve", role: .finance)
      guard
        case .needsApproval(let period, let preview) = try await Settle.run(
          through: nil, limits: limits, by: eve, pool: pool)
      else {
        Issue.record("it was posted")
        return
      }
      #expect(period.isAutomatic)
      #expect(period.state == .previewed)
      #expect(try await story.credited(ada) == "0.00")
      // Again: the same preview goes on waiting.
      try await story.sell([Story.line("2", product, price: "100")])
      guard
        case .needsApproval(_, let same) = try await Settle.run(
          through: nil, limits: limits, pool: pool)
      else {
        Issue.record("it was posted")
        return
      }
      #expect(same.id == preview.id)
      let max = try await story.member("max", role: .finance)
      try await story.approvePeriod(period.name, by: max)
      #expect(try await story.credited(ada) == "12.60")
      // Below the limit it settles at once, into a period of the month.
      try await story.sell([Story.line("3", product, price: "1")])
      guard case .needsApproval = try await Settle.run(through: nil, limits: limits, pool: pool)
      else {
        Issue.record("the line of 100 was posted")
        return
      }
      try await story.verify()
    }
  }

  @Test func `without periods settling opens and approves one of the month by itself`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (_, product) = try await sold(story)
      try await story.settle()
      try await story.sell([Story.line("2", product, price: "1")])
      try await story.settle()
      let periods = try await Period.all(in: pool)
      #expect(periods.count == 1)
      #expect(periods.first?.isAutomatic == true)
      let name = try #require(periods.first?.name)
      #expect(
        try await story.life(name) == ["opened open", "settled approved", "settled approved"])
      let loose = try await pool.one(
        "SELECT count(*) FROM settlements WHERE period_id IS NULL", as: Int64.self)
      #expect(loose == 0)
    }
  }

  @Test func `settling belongs to the open period, and passes a preview that waited`() async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await sold(story)
      try await story.openPeriod("2026-01")
      try await story.previewPeriod("2026-01")
      try await story.settle()
      #expect(
        try await story.life("2026-01") == ["opened open", "previewed previewed", "settled open"])
      guard case .notPreviewed(let period) = try await story.approvePeriod("2026-01") else {
        Issue.record("a preview that was passed could be approved")
        return
      }
      #expect(period.state == .open)
      // Nothing more to do: the preview is empty, and approving it posts nothing.
      guard case .previewed(let empty) = try await story.previewPeriod("2026-01"),
        case .approved(_, nil) = try await story.approvePeriod("2026-01")
      else {
        Issue.record("an empty period was not approved")
        return
      }
      #expect(empty.changes == 0)
      try await story.sell([Story.line("2", product, price: "100")])
      try await story.reopenPeriod("2026-01")
      try await story.settle()
      #expect(try await story.credited(ada) == "25.20")
      try await story.verify()
    }
  }

  @Test func `periods go one after the other`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      _ = try await sold(story)
      try await story.openPeriod("2026-01")
      guard case .previewed = try await story.previewPeriod("2026-01"),
        case .repeated = try await story.openPeriod("2026-01"),
        case .notAfter = try await story.openPeriod("2025-12"),
        case .opened = try await story.openPeriod("2026-02"),
        case .earlierFirst(let first) = try await story.previewPeriod("2026-02")
      else {
        Issue.record("the order was not kept")
        return
      }
      #expect(first.name == "2026-01")
      let taken = try await pool.transaction { tx in
        try await OpenPeriod.run(
          "2026-02", through: Day(number: 40_000), by: nil, in: tx)
      }
      guard case .nameTaken = taken, case .unknown = try await story.previewPeriod("2026-03"),
        case .unknown = try await story.approvePeriod("2026-03"),
        case .unknown = try await story.reopenPeriod("2026-03"),
        case .repeated = try await story.reopenPeriod("2026-01"),
        case .notPreviewed = try await story.approvePeriod("2026-02")
      else {
        Issue.record("another outcome")
        return
      }
      try await story.approvePeriod("2026-01")
      guard case .notOpen = try await story.previewPeriod("2026-01"),
        case .reopened(let open) = try await story.reopenPeriod("2026-01")
      else {
        Issue.record("an approved period was previewed, or not reopened")
        return
      }
      #expect(open.state == .open)
      try await story.previewPeriod("2026-01")
      try await story.approvePeriod("2026-01")
      try await story.previewPeriod("2026-02")
      guard case .laterBegan(let later) = try await story.reopenPeriod("2026-01") else {
        Issue.record("a period before one in work was reopened")
        return
      }
      #expect(later.name == "2026-02")
      let period = try #require(try await Period.find("2026-01", in: pool))
      await #expect(throws: DatabaseError.self) {
        try await pool.transaction { tx in
          _ = try await MovePeriod(what: .reopened, reason: "Late.", by: nil, now: .now)
            .run(period, to: .open, in: tx)
        }
      }
    }
  }

  @Test func `an approval that stopped before posting goes on`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, _) = try await sold(story)
      try await story.openPeriod("2026-01")
      guard case .previewed(let preview) = try await story.previewPeriod("2026-01") else {
        Issue.record("no preview")
        return
      }
      // What the first transaction of an approval does, and no more.
      let period = try #require(try await Period.find("2026-01", in: pool))
      try await pool.transaction { tx in
        _ = try await PlanSettlement.plan(
          preview.id.uuid, in: preview.scope, since: nil, in: tx)
        try await tx.execute("UPDATE settlements SET period_id = \(period.id.uuid)")
        _ = try await MovePeriod(
          what: .approved, reason: "Approved.", by: nil, now: .now, preview: preview,
          settlement: preview.id.uuid
        ).run(period, to: .approved, in: tx)
      }
      guard case .repeated = try await story.approvePeriod("2026-01") else {
        Issue.record("approved twice")
        return
      }
      #expect(try await story.credited(ada) == "12.60")
      try await story.verify()
    }
  }

  @Test func `a plan that is not the one previewed is not approved`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, _) = try await sold(story)
      try await story.openPeriod("2026-01")
      try await story.previewPeriod("2026-01")
      // Nothing in the product can do this: a sale that arrived and was not seen.
      try await pool.execute("ALTER TABLE sale_lines DISABLE TRIGGER USER")
      try await pool.execute("GRANT UPDATE, DELETE ON sale_lines TO CURRENT_USER")
      try await pool.execute("UPDATE sale_lines SET unit_price = unit_price * 2")
      guard case .changed = try await story.approvePeriod("2026-01") else {
        Issue.record("another plan was approved")
        return
      }
      #expect(try await story.credited(ada) == "0.00")
      let rows = try await pool.one("SELECT count(*) FROM settlements", as: Int64.self)
      #expect(rows == 0)
      guard case .previewed = try await story.previewPeriod("2026-01"),
        case .approved = try await story.approvePeriod("2026-01")
      else {
        Issue.record("it could not be previewed again")
        return
      }
    }
  }

  @Test func `limits are read, or refused`() {
    let usd = Currency("USD")
    #expect(
      usd.flatMap { ApprovalLimits("USD 10000, EUR 9000.50")?.above[$0] } == 10_000_000_000_000)
    for wrong in ["", "USD", "10 USD", "USD 1, USD 2", "USD -1", "USD 1e3", "usd 1"] {
      #expect(ApprovalLimits(wrong) == nil, "\(wrong)")
    }
  }
}
