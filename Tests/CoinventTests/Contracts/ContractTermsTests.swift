import JSON
import Ledger
import Testing

@testable import Coinvent

@Suite struct ContractTermsTests {
  /// A contract with every term there is.
  static let everything = """
    {"base":"net","rates":{"direct":300000,"retail":100000},"referral_ppm":0,
     "rules":[
       {"channel":"retail","territory":"US","format":"hardcover","rate_ppm":120000,"by":"units",
        "steps":[{"above":"5000","rate_ppm":125000},{"above":"10000","rate_ppm":150000}],
        "counter":"hardcover","minimum_per_unit":{"USD":"0.50"}},
       {"channel":"direct","rate_ppm":1,"by":"money","currency":"USD",
        "steps":[{"above":"500.00","rate_ppm":2}]},
       {"territory":"DE","rate_ppm":3,"by":"date","steps":[{"from":"2027-01-01","rate_ppm":4}]}],
     "deductions":[{"name":"discount"},{"name":"shipping","cap_ppm":50000}],
     "deductions_cap_ppm":500000,
     "opening":[{"counter":"hardcover","units":"1200"},
                {"counter":"hardcover","currency":"USD","money":"500.00"}],
     "advances":[{"name":"launch","amount":"1000.00","currency":"USD","order":2}],
     "costs":[{"name":"tooling","amount":"5000.00","currency":"USD","order":1,
               "share_ppm":500000}],
     "guarantees":[{"name":"y2027","amount":"10.00","currency":"USD","from":"2027-01",
                    "until":"2027-12"}],
     "reserve":{"ppm":200000,"period":"half_year","held":2},
     "collateral":"series-a"}
    """

  private func faults(_ text: String) throws -> [String] {
    do {
      _ = try ContractTerms(json: try JSON.parse(text))
      return []
    } catch let error as Invalid {
      return error.fields.map { "\($0.pointer) \($0.message)" }
    }
  }

  @Test func `what is read is written as it was`() throws {
    let json = try JSON.parse(Self.everything)
    let terms = try ContractTerms(json: json)
    #expect(terms.json == json)
    #expect(!terms.isPlain)
    #expect(try ContractTerms(json: terms.json) == terms)
  }

  @Test func `base, rates and referrers' part alone are a plain contract`() throws {
    let terms = try ContractTerms(
      json: try JSON.parse(#"{"base":"gross","rates":{"direct":5},"referral_ppm":7}"#))
    #expect(terms.isPlain)
    #expect(terms == ContractTerms(base: .gross, rates: [("direct", 5)], referral: 7))
  }

  @Test func `the base list is no plain contract, even alone`() throws {
    let terms = try ContractTerms(
      json: try JSON.parse(#"{"base":"list","rates":{"direct":5}}"#))
    #expect(!terms.isPlain)
    #expect(terms.further.json == [:])
  }

  @Test func `what is left out has its default`() throws {
    let terms = try ContractTerms(
      json: try JSON.parse(
        """
        {"base":"net","rates":{"direct":5},
         "advances":[{"name":"a","amount":"1","currency":"USD"},
                     {"name":"b","amount":"2","currency":"EUR"}],
         "costs":[{"name":"c","amount":"3","currency":"USD"}]}
        """))
    #expect(terms.further.items.map(\.order) == [1, 2, 3])
    #expect(terms.further.items.map(\.share) == [1_000_000, 1_000_000, 1_000_000])
  }

  @Test func `every mistake is told at once with its place`() throws {
    let found = try faults(
      """
      {"base":"cost","rates":{"direct":300000},"referral_ppm":5,
       "rules":[{"rate_ppm":1},
                {"channel":"mail","territory":"us","format":"Hard","rate_ppm":2000000},
                {"channel":"direct","rate_ppm":1,"steps":[]},
                {"territory":"US","rate_ppm":1,"by":"units","currency":"USD",
                 "steps":[{"above":"9","rate_ppm":1},{"above":"9","rate_ppm":2}]},
                {"territory":"FR","rate_ppm":1,"by":"money","steps":[{"above":"-1","rate_ppm":1}],
                 "minimum_per_unit":{"USD":"1"}},
                {"territory":"GB","rate_ppm":1,"by":"date","steps":[{"from":"soon","rate_ppm":1}],
                 "minimum_per_unit":{"XXX":"1","USD":"-1"}}],
       "list_prices":{"USD":5},
       "deductions_cap_ppm":1,
       "opening":[{"counter":"nobody","units":"1"},{"counter":"x y","units":"-1"}],
       "advances":[{"name":"a","amount":"0","currency":"USD","share_ppm":5}],
       "costs":[{"name":"a","amount":"1","currency":"US","share_ppm":0}],
       "guarantees":[{"name":"g","amount":"1","currency":"USD","from":"2027-05",
                      "until":"2027-04"}],
       "reserve":{"ppm":0,"period":"week","held":41},
       "collateral":"Series","surprise":1}
      """)
    for place in [
      "/base must be one of gross, net, list", "/referral_ppm must be 0 with advances",
      "/rules/0/rate_ppm is of no sales", "/rules/1/channel must be one of the channels in rates",
      "/rules/1/territory must be two capital letters", "/rules/1/format must be 1 to 32",
      "/rules/1/rate_ppm must be a whole number from 0 to 1000000",
      "/rules/2/by is required with steps", "/rules/3/currency is only of a rule by money",
      "/rules/3/steps must ascend", "/rules/4/currency is required",
      "/rules/4/steps/0/above must not be negative",
      "/rules/4/minimum_per_unit has no meaning in a rule by money",
      "/rules/5/steps/0/from must be a date", "/rules/5/minimum_per_unit XXX is no ISO 4217 code",
      "/rules/5/minimum_per_unit USD must be from 0",
      "/list_prices USD must be a decimal in quotes", "/deductions_cap_ppm needs deductions",
      "/opening nobody is the counter of no rule here", "/opening/1/counter must be 1 to 32",
      "/opening/1/units must be a whole number", "/advances/0/amount must be more than 0",
      "/advances/0/share_ppm is not known here", "/costs/0/currency must be an ISO 4217 code",
      "/costs/0/share_ppm must be a whole number from 1", "/guarantees/0/until must not be before",
      "/reserve/ppm must be", "/reserve/period must be one of month, quarter, half_year, year",
      "/reserve/held must be", "/collateral must be 1 to 32", "/surprise is not known here",
    ] {
      let isTold = found.contains { $0.hasPrefix(place) }
      #expect(isTold, "\(place) is missing in \(found)")
    }
  }

  @Test(arguments: [
    (
      #""rules":[{"channel":"a","rate_ppm":1},{"channel":"a","rate_ppm":2}]"#,
      "/rules must each be of other sales"
    ),
    (
      #"""
      "advances":[{"name":"x","amount":"1","currency":"USD"}],
      "guarantees":[{"name":"x","amount":"1","currency":"USD","from":"2027-01",
                     "until":"2027-01"}]
      """#,
      "/advances x is named twice"
    ),
    (
      #"""
      "rules":[{"channel":"a","rate_ppm":1,"counter":"c"}],
      "opening":[{"counter":"c","units":"1"},{"counter":"c","units":"2"}]
      """#,
      "/opening opens a counter twice"
    ),
    (#""list_prices":{"USD":"1.00"}"#, "/list_prices are only of the base list"),
    (
      #""deductions":[{"name":"discount"},{"name":"discount"}]"#,
      "/deductions must each have another name"
    ),
    (#""rules":[]"#, "/rules must be an array of 1 to 200 objects"),
    (
      #""rules":[{"channel":"a","rate_ppm":1,"by":"units"}]"#, "/rules/0/steps is required"
    ),
  ])
  func `what only members together can tell is told`(terms: String, fault: String) throws {
    let found = try faults(#"{"base":"net","rates":{"a":1},\#(terms)}"#)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix(fault) ?? false, "\(found)")
  }

  @Test func `deductions are only of net`() throws {
    let found = try faults(
      #"{"base":"gross","rates":{"a":1},"deductions":[{"name":"discount"}]}"#)
    #expect(found == ["/deductions are only of the base net"])
  }

  @Test func `months know their quarter and when a reserve of it is free`() throws {
    let may = try #require(Month("2026-05"))
    #expect(may.description == "2026-05")
    for (period, held, start, release) in [
      (ReserveTerm.Period.month, 0, "2026-05", "2026-06"), (.month, 3, "2026-05", "2026-09"),
      (.quarter, 2, "2026-04", "2027-01"), (.halfYear, 1, "2026-01", "2027-01"),
      (.year, 0, "2026-01", "2027-01"), (.year, 2, "2026-01", "2029-01"),
    ] {
      let reserve = ReserveTerm(ppm: 1, period: period, held: held)
      #expect(reserve.period(of: may).description == start)
      #expect(reserve.release(of: reserve.period(of: may)) == Month(release)?.start)
    }
    #expect(Month("2026-13") == nil)
    #expect(Month("2026-1") == nil)
  }
}
