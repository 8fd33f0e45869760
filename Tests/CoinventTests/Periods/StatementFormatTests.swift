import JSON
import Ledger
import Postgres
import Testing

@testable import Coinvent

/// Statements are made anew whenever they are read, and are not shown when their hash is another
/// one. So the form of those that exist never changes, to the letter.
@Suite struct StatementFormatTests {
  private static func id(_ number: UInt64) -> UUID {
    UUID(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 + number)
  }

  /// Every kind of line and movement.
  private func statement(_ format: Int) throws -> Statement {
    let usd = try #require(Currency("USD"))
    let settlement = SettlementID(uuid: Self.id(3))
    let at = try #require(Timestamp(rfc3339: "2026-11-02T09:00:00Z"))
    var pool = PoolParts(change: 40_000_000_000, referred: 1_000_000_000)
    let unit: Int128 = 1_000_000
    pool.lines = [
      PoolLine(
        channel: "direct", territory: "", format: "", ratePPM: 300_000, units: 12,
        base: 114_880_000_000 * unit, earned: 34_464_000_000 * unit * unit,
        soldBefore: format < 3 ? nil : Day("2026-10-01")),
      PoolLine(
        channel: "direct", territory: "DE", format: "boxed", ratePPM: 125_500, units: -1,
        base: -9_990_000_000 * unit, earned: -1_253_745_000 * unit * unit),
      PoolLine(
        channel: "retail", territory: "", format: "", ratePPM: 100_000, units: 3,
        base: 3_000_000_000 * unit, earned: 1_500_000_000 * unit * unit),
    ]
    pool.lines[0].sales = LineSales(
      units: 12, returned: format < 3 ? nil : 2, gross: 119_880_000_000,
      deducted: 5_000_000_000, low: 9_990_000_000, high: 9_990_000_000)
    pool.terms = PoolParts.Terms(
      reserved: 500_000_000, released: format == 1 ? nil : 300_000_000,
      reservePPM: 250_000, recouped: 400_000_000,
      items: format < 3
        ? nil : RecoupedItems(names: ["launch"], amount: 2_000_000_000, open: 1_500_000_000),
      advanced: 300_000_000, guaranteed: 200_000_000, held: format < 3 ? nil : 700_000_000)
    pool.told = format < 3 ? nil : try Self.told
    pool.tell(usd)
    var lines = pool.lines(of: settlement, isNew: true, ppb: 10_730_001, currency: usd)
    lines.append(
      StatementLine(
        kind: .referral, settlement: settlement, isNew: false, amount: 5,
        sentence: StatementSentence.referral))
    lines.append(
      StatementLine(
        kind: .rounding, settlement: nil, isNew: false, amount: -2,
        sentence: StatementSentence.rounding))
    let movements = Statement.Movement.Kind.allCases.map {
      Statement.Movement(
        kind: $0, cause: Self.id(4), amount: -1_500_000_000, at: at, isNew: false)
    }
    let account = Statement.Account(
      currency: usd, opening: 1_000_000_000, credited: 2, moved: -3, closing: 12_345_678_901,
      inFlight: 0,
      products: [
        Statement.Product(id: ProductID(uuid: Self.id(5)), name: "Lamp “Aria”", lines: lines)
      ], movements: movements, closingBefore: 12_000_000_000)
    return Statement(
      member: MemberID(uuid: Self.id(1)), period: PeriodID(uuid: Self.id(2)), periodName: "2026-10",
      through: try #require(Day("2026-10-31")), version: 2, format: format, madeAt: at,
      accounts: [account])
  }

  private static var told: ToldTerms {
    get throws {
      let terms = try ContractTerms(
        json: try JSON.parse(
          #"""
          {"base": "net", "rates": {"direct": 300000, "retail": 100000},
           "rules": [{"channel": "direct", "rate_ppm": 200000, "by": "units", "counter": "lamps",
                      "steps": [{"above": "40", "rate_ppm": 300000}]},
                     {"channel": "retail", "rate_ppm": 100000,
                      "minimum_per_unit": {"USD": "0.50"}}],
           "advances": [{"name": "launch", "amount": "2.00", "currency": "USD"}],
           "reserve": {"ppm": 250000, "period": "half_year", "held": 2},
           "guarantees": [{"name": "start", "amount": "5.00", "currency": "USD",
                           "from": "2026-10", "until": "2026-12"}]}
          """#))
      return ToldTerms(terms: terms, advances: terms.further.items)
    }
  }

  @Test func `the third form stays as it is, to the letter`() throws {
    let made = try statement(3)
    #expect(Statement.newestFormat == 3)
    #expect(
      Digest.hex(made.sha256)
        == "580f326e906739727e543d9493a0964037808fa8c5b5f727f7b30e16eb85d59c",
      "\(String(decoding: made.bytes, as: UTF8.self))")
    let lines = made.accounts[0].products[0].lines
    #expect(
      [lines[0], lines[2], lines[4], lines[5], lines[6], lines[7], lines[8]].map(\.sentence) == [
        "12 units sold before 2026-10-01 (14 sold, 2 returned) × 9.99 − 5.00 discount = 114.88 "
          + "base × 30 % (above 40 units of “lamps”) = 34.464 pool × 1.0730001 % share = 0.369798754…",
        "3 units: 3.00 base; 10 % or at least 0.50 a unit make a pool of 1.50 × 1.0730001 % share "
          + "= 0.016095001…",
        "−0.80 of the pool, 25 % held back against returns for 2 half-years after that of the sale "
          + "× 1.0730001 % share = −0.008584…",
        "0.30 released from the reserve against returns, 0.70 held in all × 1.0730001 % share "
          + "= 0.003219…",
        "−0.40 of the pool, kept for “launch” (1.50 of 2.00 still open) × 1.0730001 % share "
          + "= −0.004292…",
        "0.30 paid ahead into the pool (“launch”) × 1.0730001 % share = 0.003219…",
        "0.20 added up to the 5.00 that “start” guarantees for 2026-10 to 2026-12 "
          + "× 1.0730001 % share = 0.002146…",
      ])
  }

  @Test func `the second form stays as it is, to the letter`() throws {
    let made = try statement(2)
    #expect(
      Digest.hex(made.sha256)
        == "160982f441a1aff501f6d715d69ff124b42aa7b39656a778e3b2c9031930fe8c",
      "\(String(decoding: made.bytes, as: UTF8.self))")
    #expect(
      made.accounts[0].products[0].lines.filter { $0.kind == .reserve }.map(\.sentence) == [
        "−0.80 of the pool, 25 % held back against returns × 1.0730001 % share = −0.008584…",
        "0.30 released from the reserve against returns × 1.0730001 % share = 0.003219…",
      ])
  }

  @Test func `the first form stays as it is, to the letter`() throws {
    let made = try statement(1)
    let text = String(decoding: made.bytes, as: UTF8.self)
    // Another hash here is another one for every statement that members hold.
    #expect(
      Digest.hex(made.sha256)
        == "fa5c877dd70a50a5b6c2a096096faa92f6f070103f0eac1d9a37881dd6634a88", "\(text)")
    #expect(
      made.accounts[0].products[0].lines.map(\.sentence) == [
        "12 units × 9.99 − 5.00 discount = 114.88 base × 30 % = 34.464 pool × 1.0730001 % share "
          + "= 0.369798754…",
        "−1 unit: −9.99 base × 12.55 % = −1.253745 pool × 1.0730001 % share = −0.013452685…",
        "3 units: 3.00 base; 10 % or the minimum per unit make a pool of 1.50 × 1.0730001 % share "
          + "= 0.016095001…",
        "5.689745 change of the pool, settled before lines were kept × 1.0730001 % share "
          + "= 0.061050969…",
        "−0.50 of the pool, held back against returns × 1.0730001 % share = −0.005365…",
        "−0.40 of the pool, kept for advances and costs × 1.0730001 % share = −0.004292…",
        "0.30 paid ahead into the pool × 1.0730001 % share = 0.003219…",
        "0.20 added up to the guaranteed minimum × 1.0730001 % share = 0.002146…",
        "−1.00 of the pool, for members who referred buyers × 1.0730001 % share = −0.010730001",
        "For sales that came by your referral link.",
        "Each line is cut to a billionth; what is credited is cut once, from the sum of all time. "
          + "This is the difference.",
      ])
  }
}
