import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Random contracts with terms, and random sales and returns of their products. The same seed makes
/// the same world in any database.
struct TermsWorld {
  struct Line {
    let id: Int
    let product: Int
    let quantity: Int64
    let price: Int64
    let discount: Int64
    let freight: Int64?
    let listPrice: Int64?
    let channel: String
    let territory: String?
    let format: String?
    let currency: String
    let soldAt: Timestamp
    let returnOf: Int?
  }

  static let members = 5
  let first: [ContractTerms]
  let second: [ContractTerms?]
  let secondStart = Ledgerless.at("2027-03-15")
  let lines: [Line]

  init(seed: Int) throws {
    var random = Seeded(seed: UInt64(seed) &* 104_729 &+ 17)
    let count = 3
    // A counter that has counted starts nowhere else.
    let opening = Int.random(in: 0...40, using: &random)
    let random1 = try (0..<count).map { _ in try TermsWorld.terms(&random, opening) }
    first = random1
    second = try random1.map { earlier in
      let next = Bool.random(using: &random) ? try TermsWorld.terms(&random, opening) : nil
      return next.flatMap { TermsWorld.mayFollow($0, earlier) ? $0 : nil }
    }
    var lines: [Line] = []
    for _ in 0..<90 { TermsWorld.addSale(to: &lines, products: count, &random) }
    self.lines = lines
  }

  private static func mayFollow(_ next: ContractTerms, _ earlier: ContractTerms) -> Bool {
    let past = Ledgerless.contract(earlier, 1, from: "2026-01-01")
    return AmendContract.changed(next, [past]) == nil
  }

  // MARK: Terms

  private static func terms(_ random: inout Seeded, _ opening: Int) throws -> ContractTerms {
    let base = ["gross", "net", "list"][Int.random(in: 0...2, using: &random)]
    var parts = [
      #""base":"\#(base)""#, #""rates":{"direct":\#(rate(&random)),"retail":\#(rate(&random))}"#,
    ]
    if base == "list" { parts.append(#""list_prices":{"USD":"12.345","JPY":"900"}"#) }
    if base == "net" && Bool.random(using: &random) {
      parts.append(
        #""deductions":[{"name":"discount"},{"name":"freight","cap_ppm":30001}]"#)
      if Bool.random(using: &random) { parts.append(#""deductions_cap_ppm":70001"#) }
    }
    let rules = rules(&random)
    if !rules.isEmpty { parts.append(#""rules":[\#(rules.joined(separator: ","))]"#) }
    if rules.contains(where: { $0.contains(#""counter":"shared""#) }) {
      parts.append(#""opening":[{"counter":"shared","units":"\#(opening)"}]"#)
    }
    parts += holdBack(&random)
    return try ContractTerms(json: try JSON.parse("{\(parts.joined(separator: ","))}"))
  }

  private static func rate(_ random: inout Seeded) -> Int64 {
    Int64.random(in: 0...1_000_000, using: &random)
  }

  private static func rules(_ random: inout Seeded) -> [String] {
    let places = [
      #""channel":"direct""#, #""channel":"retail","territory":"US""#, #""format":"ebook""#,
      #""channel":"direct","territory":"US","format":"ebook""#, #""territory":"DE""#,
    ]
    return places.filter { _ in Bool.random(using: &random) }.map { place in
      var rule = #"\#(place),"rate_ppm":\#(rate(&random))"#
      switch Int.random(in: 0...4, using: &random) {
      case 0:
        rule +=
          #","by":"units","steps":[{"above":"20","rate_ppm":\#(rate(&random))},"#
          + #"{"above":"61","rate_ppm":\#(rate(&random))}],"counter":"shared""#
      case 1:
        rule += #","by":"units","steps":[{"above":"13","rate_ppm":\#(rate(&random))}]"#
      case 2:
        rule +=
          #","by":"money","currency":"USD","steps":["#
          + #"{"above":"100.01","rate_ppm":\#(rate(&random))},"#
          + #"{"above":"333.33","rate_ppm":\#(rate(&random))}]"#
        return "{\(rule)}"
      case 3:
        rule += #","by":"date","steps":[{"from":"2027-02-01","rate_ppm":\#(rate(&random))}]"#
      default: rule += #","counter":"shared""#
      }
      if Bool.random(using: &random) { rule += #","minimum_per_unit":{"USD":"0.333333333"}"# }
      return "{\(rule)}"
    }
  }

  private static func holdBack(_ random: inout Seeded) -> [String] {
    var parts: [String] = []
    func some() -> Bool { Int.random(in: 0...2, using: &random) == 0 }
    if some() {
      let period = ["month", "quarter", "half_year", "year"][Int.random(in: 0...3, using: &random)]
      let held = Int.random(in: 0...2, using: &random)
      parts.append(#""reserve":{"ppm":\#(333_333),"period":"\#(period)","held":\#(held)}"#)
    }
    if some() {
      parts.append(
        #""advances":[{"name":"a","amount":"77.000000001","currency":"USD","order":2}]"#)
    }
    if some() {
      parts.append(
        #""costs":[{"name":"c","amount":"55.50","currency":"USD","order":1,"share_ppm":666667},"#
          + #"{"name":"y","amount":"5000","currency":"JPY"}]"#)
    }
    if some() {
      parts.append(
        #""guarantees":[{"name":"g","amount":"250","currency":"USD","from":"2027-01","#
          + #""until":"2027-03"}]"#)
    }
    if Bool.random(using: &random) { parts.append(#""collateral":"series""#) }
    return parts
  }

  // MARK: Sales

  private static func addSale(to lines: inout [Line], products: Int, _ random: inout Seeded) {
    let yen = Int.random(in: 0...4, using: &random) == 0
    let quantity = Int64.random(in: 1...9, using: &random)
    let price = Int64.random(in: 0...2_500, using: &random) * (yen ? 1_000_000_000 : 10_000_001)
    let sale = Line(
      id: lines.count, product: Int.random(in: 0..<products, using: &random), quantity: quantity,
      price: price, discount: price * quantity / 9,
      freight: Bool.random(using: &random) ? price / 7 : nil,
      listPrice: Int.random(in: 0...3, using: &random) == 0 ? price + 3 : nil,
      channel: Bool.random(using: &random) ? "direct" : "retail",
      territory: [nil, "US", "DE"][Int.random(in: 0...2, using: &random)],
      format: [nil, "ebook", "paper"][Int.random(in: 0...2, using: &random)],
      currency: yen ? "JPY" : "USD", soldAt: day(&random), returnOf: nil)
    lines.append(sale)
    for _ in 0..<Int.random(in: 0...2, using: &random) where Bool.random(using: &random) {
      addReturn(of: sale, to: &lines, &random)
    }
  }

  /// Of a sale, of one that nobody knows, or of more than was sold; perhaps dated before its sale.
  private static func addReturn(of sale: Line, to lines: inout [Line], _ random: inout Seeded) {
    let units = Int64.random(in: 1...(sale.quantity + 1), using: &random)
    let isUnknown = Int.random(in: 0...5, using: &random) == 0
    lines.append(
      Line(
        id: lines.count, product: sale.product, quantity: -units, price: sale.price,
        discount: sale.price * units / 9, freight: sale.freight, listPrice: nil,
        channel: Int.random(in: 0...7, using: &random) == 0 ? "retail" : sale.channel,
        territory: sale.territory, format: nil, currency: sale.currency, soldAt: day(&random),
        returnOf: isUnknown ? 1_000_000 + sale.id : sale.id))
  }

  private static func day(_ random: inout Seeded) -> Timestamp {
    Ledgerless.at("2026-12-01") + .seconds(Int64.random(in: 0...270 * 24, using: &random) * 3600)
  }

  // MARK: In a database

  /// Makes members and products; the shares of all are locked.
  func make(_ story: Story) async throws -> (members: [MemberID], products: [ProductID]) {
    let crowd = try await story.crowd(TermsWorld.members)
    let curator = try await story.member("curator", role: .curator)
    var products: [ProductID] = []
    for (number, terms) in first.enumerated() {
      let product = try await story.product(
        by: crowd[number % crowd.count], curator: curator, contract: terms)
      for (weight, member) in crowd.enumerated() {
        try await story.contribute(
          member, to: product, .naming, weight: Int64(weight + number + 1))
      }
      try await story.lock(product)
      if let next = second[number] {
        let outcome = try await story.pool.transaction {
          try await story.amend(product, next, startsAt: secondStart, in: $0)
        }
        #expect(outcome == .opened(version: 2))
      }
      products.append(product)
    }
    return (crowd, products)
  }

  static func record(_ lines: [Line], of products: [ProductID], in pool: Pool) async throws {
    try await pool.transaction { tx in
      try await SettlementGate.pass(in: tx)
      for line in lines {
        let deductions = line.freight.map { #"{"freight":\#($0)}"# }
        try await tx.execute(
          """
          INSERT INTO sale_lines (source, external_id, product_id, channel, quantity, unit_price,
            discount, allowance, currency, sold_at, return_of, territory, format, list_price,
            deductions, received_at)
          VALUES ('shop', \("s\(line.id)"), \(products[line.product].uuid), \(line.channel),
            \(line.quantity), \(line.price), \(line.discount), 0, \(line.currency), \(line.soldAt),
            \(line.returnOf.map { "s\($0)" }), \(line.territory), \(line.format),
            \(line.listPrice), \(deductions)::text::jsonb, clock_timestamp())
          """)
      }
    }
  }
}
