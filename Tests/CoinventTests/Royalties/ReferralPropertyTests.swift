import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Random sales, returns and referrals, arriving in random order and settled at random moments,
/// against an exact model.
@Suite struct ReferralPropertyTests {
  /// After every sale: those of the second contract are dated far ahead.
  private static let end = Day("2091-01-01")

  @Test(arguments: 0..<12)
  func `whatever the order and the cuts, referrers and shares equal the exact model`(seed: Int)
    async throws
  {
    try await withDatabase { pool in
      var random = Seeded(seed: UInt64(seed) &* 104_729 &+ 3)
      let story = Story(pool)
      let crowd = try await story.crowd(Int.random(in: 2...7, using: &random))
      let curator = try await story.member("curator", role: .curator)
      var world = ReferralWorld()
      for number in 0..<3 {
        try await world.addProduct(
          story, crowd: crowd, curator: curator, refers: number > 0, random: &random)
      }
      let lines = try world.makeLines(90, random: &random)
      var arriving = lines.shuffled(using: &random)
      while !arriving.isEmpty {
        let count = min(arriving.count, Int.random(in: 1...25, using: &random))
        let batch = Array(arriving.prefix(count))
        arriving.removeFirst(count)
        #expect(try await story.sell(batch.map(\.line)).allSatisfy { $0 == .recorded })
        if Bool.random(using: &random) {
          #expect(try await story.sell(batch.map(\.line)).allSatisfy { $0 == .repeated })
        }
        switch Int.random(in: 0...2, using: &random) {
        case 0: try await story.settle(through: Bool.random(using: &random) ? nil : Self.end)
        case 1:
          try await story.settle(through: Day("2026-0\(Int.random(in: 1...9, using: &random))-15"))
        default: break
        }
        if Int.random(in: 0...3, using: &random) == 0 { try await story.verify() }
      }
      try await story.settle(through: Self.end)
      try await story.verify()
      let model = world.model(lines)
      for member in crowd {
        let earnings = try await Earnings.of(member, in: pool)
        for code in ["USD", "JPY"] {
          let total = earnings.totals.first { $0.currency.code == code }
          let holder = ReferralModel.Holder(member: member, currency: code)
          #expect(Int128(total?.credited ?? 0) == model.due[holder] ?? 0)
          #expect(Int128(total?.payable ?? 0) == model.due[holder] ?? 0)
          #expect((total?.held ?? 0) == 0)
          let products = earnings.products.filter { $0.currency.code == code }
          #expect(products.reduce(0) { $0 + Int128($1.credited) } == model.due[holder] ?? 0)
          #expect(products.reduce(0) { $0 + Int128($1.referred) } == model.referred[holder] ?? 0)
        }
      }
      guard case .nothingToDo = try await story.settle(through: Self.end) else {
        Issue.record("settling again moved something")
        return
      }
    }
  }

  @Test func `a settlement with referrals that stops after any step is finished by the next run`()
    async throws
  {
    for stop in 0..<3 {
      try await withDatabase { pool in
        let story = Story(pool)
        let ada = try await story.member("ada")
        let bob = try await story.member("bob")
        let curator = try await story.member("curator", role: .curator)
        let product = try await story.product(
          by: ada, curator: curator,
          contract: ContractTerms(base: .net, rates: [("direct", 300_000)], referral: 100_000))
        try await story.lock(product)
        let code = try await story.referral(bob, product)
        try await story.sell([
          try Story.line("1", product, price: "100", referral: code),
          try Story.line("2", product, price: "50"),
        ])
        try await pool.session { session in
          guard case .planned(let id) = try await PlanSettlement.run(through: nil, in: session)
          else { throw Surprise("nothing was planned") }
          if stop > 0 { try await story.post(id, in: session) }
          if stop > 1 { try await DeliverCredits.step(0, of: 2, id, in: session) }
        }
        try await story.verify()
        try await story.settle()
        try await story.verify()
        // A tenth of the pool of 30; the inventor has 42 % of what is left of 45.
        #expect(try await story.credited(bob) == "3.00")
        #expect(try await story.credited(ada) == "17.64")
      }
    }
  }

  @Test func `a return takes the referrer's part back, and another code on it changes nothing`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let eve = try await story.member("eve")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(
        by: ada, curator: curator,
        contract: ContractTerms(base: .net, rates: [("direct", 300_000)], referral: 100_000))
      try await story.lock(product)
      let bobs = try await story.referral(bob, product)
      let eves = try await story.referral(eve, product)
      #expect(try await story.referral(bob, product) == bobs)
      // The return comes first, and then stands for whatever it says.
      try await story.sell([
        try Story.line(
          "r", product, quantity: -1, price: "100", returnOf: "1", referral: eves)
      ])
      try await story.settle()
      #expect(try await story.credited(eve) == "-3.00")
      try await story.sell([try Story.line("1", product, price: "100", referral: bobs)])
      try await story.settle()
      #expect(try await story.credited(eve) == "0.00")
      #expect(try await story.credited(bob) == "0.00")
      try await story.verify()
      #expect(
        try await story.sell([try Story.line("2", product, price: "1", referral: "nobody")])
          == [.suspended(.unknownReferral)])
      // The same pool in all, but another referrer's.
      try await story.sell([try Story.line("3", product, price: "100", referral: bobs)])
      try await story.settle()
      try await story.sell([
        try Story.line("r3", product, quantity: -1, price: "100", returnOf: "3"),
        try Story.line("4", product, price: "100", referral: eves),
      ])
      try await story.settle()
      #expect(try await story.pools(product) == "30.00")
      #expect(try await story.credited(bob) == "0.00")
      #expect(try await story.credited(eve) == "3.00")
      try await story.verify()
    }
  }

  @Test(arguments: [
    "UPDATE referral_dues SET settled = settled + 1", "UPDATE pools SET referred = referred + 1",
    "DELETE FROM transfers WHERE reason = 'refer'",
  ])
  func `verify names a referrer's part that is wrong`(damage: String) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(
        by: ada, curator: curator,
        contract: ContractTerms(base: .net, rates: [("direct", 300_000)], referral: 100_000))
      try await story.lock(product)
      let code = try await story.referral(bob, product)
      try await story.sell([try Story.line("1", product, price: "100", referral: code)])
      try await story.settle()
      try await story.verify()
      try await pool.execute("GRANT DELETE ON transfers TO CURRENT_USER")
      try await pool.execute("\(unsafeSQL: damage)")
      #expect(try await Verify.run(pool: pool).first?.check == "referrals")
    }
  }
}

/// What should come out, by 128-bit arithmetic and without a database.
struct ReferralModel {
  struct Holder: Hashable {
    let member: MemberID
    let currency: String
  }
  var due: [Holder: Int128] = [:]
  var referred: [Holder: Int128] = [:]
}

private struct ReferralWorld {
  struct Made {
    let id: ProductID
    /// The second one begins in an hour.
    let contracts: [ContractTerms]
    let totals: [MemberID: Int64]
    let codes: [(member: MemberID, code: String)]
  }
  struct Sold {
    let line: SaleLine
    let product: Int
    let contract: Int
    /// Of the sale, also for its return.
    let referrer: MemberID?
  }
  var products: [Made] = []

  mutating func addProduct(
    _ story: Story, crowd: [MemberID], curator: MemberID, refers: Bool, random: inout Seeded
  ) async throws {
    func contract() -> ContractTerms {
      ContractTerms(
        base: Bool.random(using: &random) ? .gross : .net,
        rates: [("direct", Int64.random(in: 0...1_000_000, using: &random))],
        referral: refers ? Int64.random(in: 0...1_000_000, using: &random) : 0)
    }
    let contracts = [contract(), contract()]
    let recipe = RandomInfluence.recipe(&random)
    let inventor = crowd[Int.random(in: 0..<crowd.count, using: &random)]
    let product = try await story.product(
      by: inventor, curator: curator, recipe: recipe, contract: contracts[0])
    for _ in 0..<Int.random(in: 0...10, using: &random) {
      let part = recipe.parts[Int.random(in: 0..<recipe.parts.count, using: &random)]
      try await story.contribute(
        crowd[Int.random(in: 0..<crowd.count, using: &random)], to: product, part.slice,
        weight: Int64.random(in: 1...9, using: &random))
    }
    try await story.lock(product)
    let next = contracts[1]
    _ = try await story.pool.transaction {
      try await story.amend(product, next, startsAt: .now + .seconds(3600), in: $0)
    }
    let shares = try await Influence.of(product, in: story.pool)?.shares ?? []
    var totals: [MemberID: Int64] = [:]
    for share in shares { if let member = share.member { totals[member, default: 0] += share.ppb } }
    var codes: [(member: MemberID, code: String)] = []
    for member in crowd.prefix(4) {
      codes.append((member, try await story.referral(member, product)))
    }
    products.append(Made(id: product, contracts: contracts, totals: totals, codes: codes))
  }

  func makeLines(_ count: Int, random: inout Seeded) throws -> [Sold] {
    var lines: [Sold] = []
    for number in 0..<count {
      let index = Int.random(in: 0..<products.count, using: &random)
      let product = products[index]
      let contract = Int.random(in: 0...1, using: &random)
      let yen = Int.random(in: 0...3, using: &random) == 0
      let quantity = Int.random(in: 1...50, using: &random)
      let price = Int64.random(in: 0...99_999, using: &random)
      let decimal =
        yen ? "\(price)" : Amount(nanos: price * 10_000_000, currency: Story.dollars).decimal
      let link =
        Bool.random(using: &random)
        ? product.codes[Int.random(in: 0..<product.codes.count, using: &random)] : nil
      let year = contract == 0 ? 2020 : 2090
      func line(_ id: String, _ quantity: Int, _ referral: String?, of sale: String?) throws -> Sold
      {
        Sold(
          line: try Story.line(
            id, product.id, quantity: quantity, price: decimal, currency: yen ? "JPY" : "USD",
            soldAt: "\(year)-0\(number % 9 + 1)-1\(number % 10)", returnOf: sale,
            referral: referral),
          product: index, contract: contract, referrer: link?.member)
      }
      lines.append(try line("s\(number)", quantity, link?.code, of: nil))
      if Int.random(in: 0...2, using: &random) == 0 {
        let other = Bool.random(using: &random) ? product.codes[0].code : nil
        lines.append(
          try line(
            "r\(number)", -Int.random(in: 1...quantity, using: &random), other, of: "s\(number)"))
      }
    }
    return lines
  }

  func model(_ lines: [Sold]) -> ReferralModel {
    struct Pool: Hashable {
      let product: Int
      let contract: Int
      let currency: String
    }
    var pools: [Pool: Int128] = [:]
    var parts: [Pool: [MemberID: Int128]] = [:]
    for sold in lines {
      let terms = products[sold.product].contracts[sold.contract]
      let pool = Pool(
        product: sold.product, contract: sold.contract, currency: sold.line.currency.code)
      let base =
        Int128(sold.line.quantity) * Int128(sold.line.unitPrice) * Int128(terms.rates[0].ppm)
      pools[pool, default: 0] += base
      if let referrer = sold.referrer {
        parts[pool, default: [:]][referrer, default: 0] += base * Int128(terms.referral)
      }
    }
    var model = ReferralModel()
    for (pool, millionths) in pools {
      var rest = millionths / 1_000_000
      for (member, part) in parts[pool] ?? [:] {
        let due = part / 1_000_000_000_000
        rest -= due
        let holder = ReferralModel.Holder(member: member, currency: pool.currency)
        model.due[holder, default: 0] += due
        model.referred[holder, default: 0] += due
      }
      for (member, ppb) in products[pool.product].totals {
        let holder = ReferralModel.Holder(member: member, currency: pool.currency)
        model.due[holder, default: 0] += rest * Int128(ppb) / 1_000_000_000
      }
    }
    return model
  }
}
