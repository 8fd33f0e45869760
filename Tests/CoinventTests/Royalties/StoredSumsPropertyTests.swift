import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Random sales, returns before their sales, late sales, contracts, shares and cut-offs: what each
/// plan adds to the stored sums must equal a count of everything.
@Suite struct StoredSumsPropertyTests {
  @Test(arguments: 0..<24)
  func `adding what is new equals counting everything, whatever has changed`(seed: Int)
    async throws
  {
    try await withDatabase { pool in
      var world = try await SumsWorld(Story(pool), seed: seed)
      for _ in 0..<40 {
        try await world.step()
        guard world.isSettled else { continue }
        try await expectFullCount(in: pool)
        if Bool.random(using: &world.random) { try await world.story.verify() }
      }
      while !world.arriving.isEmpty { try await world.sell() }
      // Beyond the last of the days in which lines are sold.
      let end = Day.today.adding(days: 8)
      try await world.story.settle(through: end)
      try await expectFullCount(in: pool)
      try await world.story.verify()
      guard case .nothingToDo = try await world.story.settle(through: end) else {
        Issue.record("settling again moved something")
        return
      }
    }
  }

  private func expectFullCount(in pool: Pool) async throws {
    try await pool.transaction { tx in
      guard let scope = try await LifetimePools.Scope.counted(in: tx) else { return }
      let refers = try await PlanSettlement.find(in: scope, since: nil, in: tx)
      #expect(try await difference("earned_sums", "sums", in: tx) == [])
      if refers { #expect(try await difference("referral_sums", "part_sums", in: tx) == []) }
      #expect(try await tx.one("SELECT count(*) FROM plan", as: Int.self) == 0)
      let waiting = try await tx.all(
        """
        SELECT product_id::text || currency || count(*) || sum(gross)
        FROM sale_lines s WHERE arrival <= \(scope.horizon) AND NOT EXISTS (
          SELECT FROM share_versions v WHERE v.product_id = s.product_id AND v.state = 'locked'
            AND v.locked_at <= \(scope.plannedAt))
        GROUP BY product_id, currency ORDER BY 1
        """, as: String.self)
      let stored = try await tx.all(
        "SELECT product_id::text || currency || lines || gross FROM waiting_sales ORDER BY 1",
        as: String.self)
      #expect(stored == waiting)
    }
  }

  /// Rows that are in one table and not in the other.
  private func difference(_ one: String, _ other: String, in tx: Transaction) async throws
    -> [String]
  {
    try await tx.all(
      """
      SELECT d::text FROM (
        (TABLE \(unsafeSQL: one) EXCEPT TABLE \(unsafeSQL: other))
        UNION ALL (TABLE \(unsafeSQL: other) EXCEPT TABLE \(unsafeSQL: one))
      ) AS d
      """, as: String.self)
  }
}

/// Three products, one of them unlocked for some time, and lines that arrive in random order.
private struct SumsWorld {
  let story: Story
  var random: Seeded
  let crowd: [MemberID]
  var products: [ProductID] = []
  var codes: [ProductID: [String]] = [:]
  var arriving: [(source: String, line: SaleLine)] = []
  /// The last step was a settlement.
  var isSettled = false
  private var locks = 0

  init(_ story: Story, seed: Int) async throws {
    self.story = story
    random = Seeded(seed: UInt64(seed) &* 15_485_863 &+ 5)
    crowd = try await story.crowd(3)
    let curator = try await story.member("curator", role: .curator)
    for number in 0..<3 {
      let product = try await story.product(
        by: crowd[number], curator: curator, contract: contract())
      products.append(product)
      if number > 0 { try await story.lock(product) }
      for member in crowd {
        codes[product, default: []].append(try await story.referral(member, product))
      }
    }
    try makeLines(120)
    arriving.shuffle(using: &random)
  }

  private mutating func contract() -> ContractTerms {
    ContractTerms(
      base: Bool.random(using: &random) ? .gross : .net,
      rates: [
        ("direct", Int64.random(in: 0...1_000_000, using: &random)),
        ("retail", Int64.random(in: 0...1_000_000, using: &random)),
      ],
      referral: Bool.random(using: &random) ? Int64.random(in: 0...900_000, using: &random) : 0)
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  /// Some lines are of this year, some of the days in which contracts and shares change.
  private mutating func moment() -> Timestamp {
    Bool.random(using: &random)
      ? Timestamp.now + .seconds(Int64.random(in: -3_600...500_000, using: &random))
      : Timestamp.now - .seconds(Int64.random(in: 0...20_000_000, using: &random))
  }

  private mutating func makeLines(_ count: Int) throws {
    for number in 0..<count {
      let product = pick(products)
      let source = pick(["shop", "store"])
      let (yen, discounted) = (pick([true, false, false]), Bool.random(using: &random))
      func line(_ id: String, _ quantity: Int, _ product: ProductID, of sale: String?) throws
        -> SaleLine
      {
        try Story.line(
          id, product, channel: pick(["direct", "retail"]), quantity: quantity,
          price: "\(Int.random(in: 1...9_999, using: &random))", discount: discounted ? "1" : "0",
          currency: yen ? "JPY" : "USD", soldAt: moment().description, returnOf: sale,
          referral: Bool.random(using: &random) ? pick(codes[product] ?? []) : nil)
      }
      arriving.append((source, try line("s\(number)", 4, product, of: nil)))
      if Bool.random(using: &random) {
        // Mostly of its sale; of another source, another product, a return or nothing at times.
        let away = Int.random(in: 0...7, using: &random)
        let sale = away == 0 ? "none" : away == 1 ? "r\(max(0, number - 1))" : "s\(number)"
        arriving.append(
          (
            away == 2 ? pick(["shop", "store"]) : source,
            try line("r\(number)", -1, away == 3 ? pick(products) : product, of: sale)
          ))
      }
    }
  }

  mutating func step() async throws {
    isSettled = false
    switch Int.random(in: 0..<12, using: &random) {
    case 0..<5: try await sell()
    case 5: try await amend()
    case 6: try await lock()
    case 7..<10: try await settle(pick([-60, -30, -3, 0, 1, 2, 4]))
    default: try await settle(nil)
    }
  }

  mutating func sell() async throws {
    let count = min(arriving.count, Int.random(in: 1...12, using: &random))
    for _ in 0..<count {
      let (source, line) = arriving.removeLast()
      #expect(try await story.sell([line], source: source) == [.recorded])
    }
  }

  private mutating func amend() async throws {
    let (terms, product) = (contract(), pick(products))
    let start = Timestamp.now + .seconds(Int64.random(in: 1...500_000, using: &random))
    try await story.pool.transaction { tx in
      _ = try await story.amend(product, terms, startsAt: start, in: tx)
    }
  }

  /// Shares change by something that was contributed since.
  private mutating func lock() async throws {
    locks += 1
    let product = pick(products)
    try await story.contribute(pick(crowd), to: product, .naming, weight: Int64(locks))
    try await story.lock(product)
  }

  private mutating func settle(_ days: Int?) async throws {
    try await story.settle(through: days.map { Timestamp.now.day.adding(days: $0) })
    isSettled = true
  }
}
