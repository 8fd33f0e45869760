import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Random recipes, contracts, sales and returns, arriving in random order and settled at random
/// moments, against an exact model.
@Suite struct SettlementPropertyTests {
  @Test(arguments: 0..<12)
  func `whatever the order and the cuts, the books equal the exact model`(seed: Int) async throws {
    try await withDatabase { pool in
      var random = Seeded(seed: UInt64(seed) &* 7_919 &+ 1)
      let story = Story(pool)
      let crowd = try await story.crowd(Int.random(in: 1...12, using: &random))
      let curator = try await story.member("curator", role: .curator)
      var world = World()
      for _ in 0..<3 {
        try await world.addProduct(story, crowd: crowd, curator: curator, random: &random)
      }
      let lines = try world.makeLines(120, random: &random)
      var arriving = lines.shuffled(using: &random)
      while !arriving.isEmpty {
        let count = min(arriving.count, Int.random(in: 1...40, using: &random))
        let batch = Array(arriving.prefix(count))
        arriving.removeFirst(count)
        try await story.sell(batch)
        // Sent again, in part: it must not count twice.
        if Bool.random(using: &random) { try await story.sell(batch.shuffled(using: &random)) }
        switch Int.random(in: 0...2, using: &random) {
        case 0: try await story.settle()
        case 1:
          try await story.settle(through: Day("2026-0\(Int.random(in: 1...9, using: &random))-15"))
        default: break
        }
      }
      try await story.settle()
      try await story.verify()
      try await expect(world.model(lines), equals: pool, crowd: crowd)
      guard case .nothingToDo = try await story.settle() else {
        Issue.record("settling again moved something")
        return
      }
    }
  }

  private func expect(_ model: Model, equals pool: Pool, crowd: [MemberID]) async throws {
    for member in crowd {
      let totals = try await Earnings.of(member, in: pool).totals
      for code in ["USD", "JPY"] {
        let found = totals.first { $0.currency.code == code }
        let due = model.due[Model.Holder(member: member, currency: code)] ?? 0
        #expect(Int128(found?.credited ?? 0) == due)
        #expect(Int128(found?.payable ?? 0) == due)
        #expect((found?.held ?? 0) == 0)
        let exact = model.exact[Model.Holder(member: member, currency: code)] ?? 0
        // One nano for each of the pools that the member shares in.
        #expect(
          (due * 1_000_000_000 - exact).magnitude < 1_000_000_000 * UInt128(model.pools.count))
      }
    }
    for (key, pool128) in model.pools {
      let settled = try await pool.first(
        """
        SELECT settled FROM pools WHERE product_id = \(key.product.uuid) AND currency = \(key.currency)
        """, as: Int64.self)
      #expect(Int128(settled ?? 0) == pool128)
    }
    let books = try await pool.all(
      """
      SELECT currency, sum(CASE WHEN to_kind = 'channel_revenue' THEN amount
                                WHEN from_kind = 'channel_revenue' THEN -amount ELSE 0 END)::bigint
      FROM transfers GROUP BY currency
      """, as: (String, Int64).self)
    for (currency, revenue) in books {
      let all = model.pools.filter { $0.key.currency == currency }.values.reduce(0, +)
      #expect(Int128(-revenue) == all)
    }
  }
}

/// What should come out, by 128-bit arithmetic and without a database.
struct Model {
  struct Key: Hashable {
    let product: ProductID
    let currency: String
  }
  struct Holder: Hashable {
    let member: MemberID
    let currency: String
  }
  var pools: [Key: Int128] = [:]
  var due: [Holder: Int128] = [:]
  /// Billionths of a nano: the pool times ppb, before the last division.
  var exact: [Holder: Int128] = [:]
}

private struct World {
  struct Made {
    let id: ProductID
    let contract: ContractTerms
    let totals: [MemberID: Int64]
  }
  var products: [Made] = []

  mutating func addProduct(
    _ story: Story, crowd: [MemberID], curator: MemberID, random: inout Seeded
  ) async throws {
    let recipe = RandomInfluence.recipe(&random)
    let contract = ContractTerms(
      base: Bool.random(using: &random) ? .gross : .net,
      rates: [
        ("direct", Int64.random(in: 0...1_000_000, using: &random)),
        ("retail", Int64.random(in: 0...1_000_000, using: &random)),
      ])
    let inventor = crowd[Int.random(in: 0..<crowd.count, using: &random)]
    let product = try await story.product(
      by: inventor, curator: curator, recipe: recipe, contract: contract)
    for _ in 0..<Int.random(in: 0...30, using: &random) {
      let part = recipe.parts[Int.random(in: 0..<recipe.parts.count, using: &random)]
      try await story.contribute(
        crowd[Int.random(in: 0..<crowd.count, using: &random)], to: product, part.slice,
        weight: Int64.random(in: 1...9, using: &random))
    }
    try await story.lock(product)
    let shares = try await Influence.of(product, in: story.pool)?.shares ?? []
    var totals: [MemberID: Int64] = [:]
    for share in shares { if let member = share.member { totals[member, default: 0] += share.ppb } }
    products.append(Made(id: product, contract: contract, totals: totals))
  }

  func makeLines(_ count: Int, random: inout Seeded) throws -> [SaleLine] {
    var lines: [SaleLine] = []
    for number in 0..<count {
      let product = products[Int.random(in: 0..<products.count, using: &random)]
      let yen = Int.random(in: 0...3, using: &random) == 0
      let quantity = Int.random(in: 1...50, using: &random)
      let price = Int64.random(in: 0...99_999, using: &random)
      let decimal =
        yen
        ? "\(price)"
        : "\(price / 100).\(price % 100 + 100)".replacing(".1", with: ".", maxReplacements: 1)
      let off = price == 0 ? "0" : "0.\(Int.random(in: 0...9, using: &random))"
      let channel = Bool.random(using: &random) ? "direct" : "retail"
      let day =
        "2026-0\(Int.random(in: 1...9, using: &random))-1\(Int.random(in: 0...9, using: &random))"
      lines.append(
        try Story.line(
          "s\(number)", product.id, channel: channel, quantity: quantity, price: decimal,
          discount: price < 100 && !yen ? "0" : off, currency: yen ? "JPY" : "USD", soldAt: day))
      if Int.random(in: 0...3, using: &random) == 0 {
        lines.append(
          try Story.line(
            "r\(number)", product.id, channel: channel,
            quantity: -Int.random(in: 1...quantity, using: &random), price: decimal,
            currency: yen ? "JPY" : "USD", soldAt: "2026-09-20", returnOf: "s\(number)"))
      }
    }
    return lines
  }

  func model(_ lines: [SaleLine]) -> Model {
    var model = Model()
    for product in products {
      var millionths: [String: Int128] = [:]
      for line in lines where line.product == product.id.description {
        let rate = product.contract.rates.first { $0.channel == line.channel }?.ppm ?? 0
        var base = Int128(line.quantity) * Int128(line.unitPrice)
        if product.contract.base == .net {
          base -= Int128(line.quantity.signum()) * Int128(line.discount + line.allowance)
        }
        millionths[line.currency.code, default: 0] += base * Int128(rate)
      }
      for (currency, sum) in millionths {
        let pool = sum / 1_000_000
        model.pools[Model.Key(product: product.id, currency: currency)] = pool
        for (member, ppb) in product.totals {
          let holder = Model.Holder(member: member, currency: currency)
          model.due[holder, default: 0] += pool * Int128(ppb) / 1_000_000_000
          model.exact[holder, default: 0] += pool * Int128(ppb)
        }
      }
    }
    return model
  }
}

/// SplitMix64: the same seed gives the same run.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
