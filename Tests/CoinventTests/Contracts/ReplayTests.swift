import Postgres
import Testing

@testable import Coinvent

@Suite struct ReplayTests {
  static let steps = #"""
    "rules":[{"channel":"direct","rate_ppm":100000,"by":"units","counter":"u",
              "steps":[{"above":"5","rate_ppm":200000},{"above":"8","rate_ppm":300000}]}]
    """#
  static let money = #"""
    "rules":[{"channel":"direct","rate_ppm":100000,"by":"money","currency":"USD",
              "steps":[{"above":"50.00","rate_ppm":200000}]}]
    """#

  @Test func `without rules each channel has its rate of net`() throws {
    var books = try Ledgerless(net: "")
    books.sell(10, at: "9.99", off: "9.90")
    books.sell(1, at: "100", channel: "retail")
    #expect(try books.total() == "29.00")
  }

  @Test func `the rule that names most governs`() throws {
    var books = try Ledgerless(
      net: #"""
        "rules":[{"channel":"direct","rate_ppm":1000},{"territory":"US","rate_ppm":2000},
                 {"format":"ebook","rate_ppm":3000},
                 {"territory":"US","format":"ebook","rate_ppm":4000},
                 {"channel":"retail","format":"ebook","rate_ppm":5000}]
        """#)
    books.sell(1, at: "1000")
    books.sell(1, at: "1000", territory: "US")
    books.sell(1, at: "1000", channel: "retail", territory: "US")
    books.sell(1, at: "1000", channel: "retail", territory: "US", format: "ebook")
    books.sell(1, at: "1000", territory: "US", format: "ebook")
    books.sell(1, at: "1000", channel: "retail", territory: "FR", format: "ebook")
    books.sell(1, at: "1000", channel: "retail", territory: "FR", format: "paper")
    #expect(
      try books.byRate() == [
        1000: "2: 2.00", 2000: "1: 2.00", 5000: "2: 10.00", 4000: "1: 4.00", 200_000: "1: 200.00",
      ])
  }

  @Test func `a line that crosses thresholds is cut at them`() throws {
    var books = try Ledgerless(net: Self.steps)
    books.sell(4, at: "10")
    books.sell(6, at: "10")
    #expect(try books.byRate() == [100_000: "5: 5.00", 200_000: "3: 6.00", 300_000: "2: 6.00"])
  }

  @Test func `portions of a base that does not divide come to all of it`() throws {
    var books = try Ledgerless(net: Self.steps)
    books.sell(7, at: "1", off: "0.000000001")
    let sums = try books.replay().sums
    #expect(sums.values.reduce(0) { $0 + $1.base } == 6_999_999_999_000_000)
    let first = sums.first { $0.key.rate == 100_000 }?.value
    #expect(first?.base == 4_999_999_999_285_714)
    #expect(first?.units == 5)
  }

  @Test func `units that come back are those that were counted last`() throws {
    var books = try Ledgerless(net: Self.steps)
    books.sell(10, at: "10")
    books.sell(-3, at: "10", on: "2027-02-01", of: 0)
    #expect(try books.byRate() == [100_000: "5: 5.00", 200_000: "2: 4.00", 300_000: "0: 0.00"])
    books.sell(-4, at: "10", on: "2027-02-02", of: 0)
    #expect(try books.byRate() == [100_000: "3: 3.00", 200_000: "0: 0.00", 300_000: "0: 0.00"])
    books.sell(-3, at: "10", on: "2027-02-03", of: 0)
    #expect(try books.total() == "0.00")
  }

  @Test func `a sale that was paid low comes back low, whatever was sold since`() throws {
    var books = try Ledgerless(net: Self.steps)
    books.sell(2, at: "10")
    books.sell(8, at: "10", on: "2027-01-11")
    books.sell(-2, at: "10", on: "2027-01-12", of: 0)
    #expect(try books.byRate()[100_000] == "3: 3.00")
    // The counter is back at 8: one more is the ninth unit.
    books.sell(1, at: "10", on: "2027-01-13")
    #expect(try books.byRate()[300_000] == "3: 9.00")
  }

  @Test func `more than was sold comes back by the terms of the first portion`() throws {
    var books = try Ledgerless(net: Self.steps)
    books.sell(6, at: "10")
    books.sell(-9, at: "10", on: "2027-01-12", of: 0)
    #expect(try books.byRate() == [100_000: "-3: -3.00", 200_000: "0: 0.00"])
    books.sell(-1, at: "10", on: "2027-01-13", of: 0)
    #expect(try books.byRate()[100_000] == "-4: -4.00")
  }

  @Test func `a return that was booked before its sale waits for it`() throws {
    var books = try Ledgerless(net: Self.steps)
    books.sell(6, at: "10", on: "2027-01-20")
    books.sell(-6, at: "10", on: "2027-01-12", of: 0)
    #expect(try books.byRate() == [100_000: "0: 0.00", 200_000: "0: 0.00"])
  }

  @Test func `a return of an unknown sale goes down the steps from where the counter is`() throws {
    var books = try Ledgerless(net: Self.steps)
    books.sell(7, at: "10")
    books.sell(-4, at: "10", on: "2027-01-12")
    #expect(try books.byRate() == [100_000: "3: 3.00", 200_000: "0: 0.00"])
    books.sell(-5, at: "10", on: "2027-01-13")
    #expect(try books.byRate()[100_000] == "-2: -2.00")
    // The counter is at -2.
    books.sell(8, at: "10", on: "2027-01-14")
    #expect(try books.byRate() == [100_000: "5: 5.00", 200_000: "1: 2.00"])
  }

  @Test func `a return of a sale after the cut is as of an unknown one, by the sale's date`() throws
  {
    let later = try Ledgerless.terms("net", #""rules":[{"channel":"direct","rate_ppm":500000}]"#)
    var books = Ledgerless(try Ledgerless.terms("net", Self.steps), later)
    books.sell(1, at: "10")
    var line = CountedLine(
      id: "back", quantity: -1, unitPrice: 10_000_000_000, currency: "USD",
      place: SalePlace(channel: "retail"), soldAt: Ledgerless.at("2027-01-11"))
    line.origin = CountedLine.Origin(
      id: "not there", soldAt: Ledgerless.at("2027-02-11"), place: SalePlace(channel: "direct"),
      listPrice: nil)
    var replay = try books.replay()
    try replay.add(line)
    let found = replay.sums.first { $0.key.bucket.contract == 2 }
    #expect(found?.key.rate == 500_000)
    #expect(found?.key.place.channel == "direct")
    #expect(found?.key.month.description == "2027-02")
    #expect(found?.value.earned == -5 * 1_000_000_000 * PoolReckoning.scale)
  }

  @Test func `steps by money are cut at the amount, units by their part of it`() throws {
    var books = try Ledgerless(net: Self.money)
    books.sell(7, at: "10")
    #expect(try books.byRate() == [100_000: "5: 5.00", 200_000: "2: 4.00"])
    books.sell(1, at: "5", channel: "direct", currency: "EUR")
    #expect(try books.byRate("EUR") == [100_000: "1: 0.50"])
    books.sell(-3, at: "10", on: "2027-01-12", of: 0)
    #expect(try books.byRate() == [100_000: "4: 4.00", 200_000: "0: 0.00"])
    books.sell(2, at: "10", on: "2027-01-13")
    #expect(try books.byRate() == [100_000: "5: 5.00", 200_000: "1: 2.00"])
  }

  @Test func `a return worth more than its sale goes by the first portion's rate`() throws {
    var books = try Ledgerless(net: Self.money)
    books.sell(6, at: "10")
    books.sell(-6, at: "12", on: "2027-01-12", of: 0)
    #expect(try books.total() == "-1.20")
  }

  @Test func `an unknown return by money goes down from where the counter is`() throws {
    var books = try Ledgerless(net: Self.money)
    books.sell(7, at: "10")
    books.sell(-4, at: "10", on: "2027-01-12")
    #expect(try books.byRate() == [100_000: "3: 3.00", 200_000: "0: 0.00"])
  }

  @Test func `units that cost nothing are in one portion`() throws {
    var books = try Ledgerless(net: Self.money)
    books.sell(7, at: "0")
    books.sell(-2, at: "0", on: "2027-01-12", of: 0)
    #expect(try books.byRate() == [100_000: "5: 0.00"])
  }

  @Test func `steps by date have the last rate that has begun when it was sold`() throws {
    var books = try Ledgerless(
      net: #"""
        "rules":[{"channel":"direct","rate_ppm":100000,"by":"date",
                  "steps":[{"from":"2027-02-01","rate_ppm":200000}]}]
        """#)
    books.sell(1, at: "10", on: "2027-01-31")
    books.sell(1, at: "10", on: "2027-02-01")
    books.sell(-1, at: "10", on: "2027-03-01", of: 0)
    #expect(try books.byRate() == [100_000: "0: 0.00", 200_000: "1: 2.00"])
  }

  @Test func `each unit earns its minimum where the rate gives less, also back`() throws {
    var books = try Ledgerless(
      net: #"""
        "rules":[{"channel":"direct","rate_ppm":100000,"by":"units",
                  "steps":[{"above":"2","rate_ppm":200000}],
                  "minimum_per_unit":{"USD":"0.15"}}]
        """#)
    books.sell(4, at: "1")
    #expect(try books.byRate() == [100_000: "2: 0.30", 200_000: "2: 0.40"])
    books.sell(1, at: "1", currency: "EUR")
    #expect(try books.total("EUR") == "0.20")
    books.sell(-3, at: "1", on: "2027-02-01", of: 0)
    #expect(try books.byRate() == [100_000: "1: 0.15", 200_000: "0: 0.00"])
  }

  @Test func `counters start where they were opened, by the earliest version`() throws {
    let opened = Self.steps + #","opening":[{"counter":"u","units":"4"}]"#
    let later = Self.steps + #","opening":[{"counter":"u","units":"400"}]"#
    var books = Ledgerless(
      try Ledgerless.terms("net", opened), try Ledgerless.terms("net", later))
    books.sell(2, at: "10")
    #expect(try books.byRate() == [100_000: "1: 1.00", 200_000: "1: 2.00"])
    books.sell(3, at: "10", on: "2027-02-02")
    #expect(try books.byRate() == [100_000: "1: 1.00", 200_000: "3: 6.00", 300_000: "1: 3.00"])
  }

  @Test func `rules that name one counter count together, with and without steps`() throws {
    var books = try Ledgerless(
      net: #"""
        "rules":[{"channel":"retail","rate_ppm":50000,"counter":"all"},
                 {"channel":"direct","rate_ppm":100000,"by":"units","counter":"all",
                  "steps":[{"above":"3","rate_ppm":200000}]},
                 {"territory":"US","channel":"direct","rate_ppm":100000,"by":"money",
                  "currency":"USD","counter":"all","steps":[{"above":"30.00","rate_ppm":300000}]}]
        """#)
    books.sell(3, at: "10", channel: "retail")
    books.sell(1, at: "10")
    books.sell(1, at: "10", territory: "US")
    #expect(try books.byRate() == [50_000: "3: 1.50", 200_000: "1: 2.00", 300_000: "1: 3.00"])
    books.sell(-3, at: "10", on: "2027-01-12", channel: "retail", of: 0)
    books.sell(1, at: "10", on: "2027-01-13")
    books.sell(1, at: "10", on: "2027-01-13", territory: "US")
    #expect(
      try books.byRate() == [
        50_000: "0: 0.00", 100_000: "2: 2.00", 200_000: "1: 2.00", 300_000: "1: 3.00",
      ])
  }

  @Test func `lines before the first shares count on but earn nothing yet`() throws {
    var books = try Ledgerless(net: Self.steps)
    books.shares = [ShareSpan(version: 1, startsAt: Ledgerless.at("2027-02-01"))]
    books.sell(5, at: "10")
    books.sell(1, at: "10", on: "2027-02-02")
    #expect(try books.byRate() == [200_000: "1: 2.00"])
  }

  @Test func `returns belong to the versions of their sale`() throws {
    var books = Ledgerless(
      try Ledgerless.terms("net", ""), try Ledgerless.terms("gross", Self.steps))
    books.sell(2, at: "10", off: "1")
    books.sell(2, at: "10", on: "2027-02-02", off: "1")
    books.sell(-1, at: "10", on: "2027-02-03", off: "0.5", of: 0)
    let sums = try books.replay().sums
    #expect(sums.count == 2)
    for (key, sum) in sums {
      switch key.bucket.contract {
      case 1: #expect(Ledgerless.decimal(sum.earned) == "0.95")
      default: #expect(Ledgerless.decimal(sum.earned) == "2.00")
      }
    }
  }

  @Test func `a plain version takes each line by its own channel`() throws {
    var books = Ledgerless(try Ledgerless.terms("net", ""))
    books.sell(2, at: "10")
    books.sell(-2, at: "10", channel: "retail", of: 0)
    #expect(try books.byRate() == [100_000: "2: 2.00", 200_000: "-2: -4.00"])
  }

  @Test func `a version with terms takes a return by its sale's place`() throws {
    var books = try Ledgerless(
      net: #""rules":[{"territory":"US","rate_ppm":500000}]"#)
    books.sell(2, at: "10", territory: "US")
    books.sell(-2, at: "10", channel: "retail", of: 0)
    #expect(try books.byRate() == [500_000: "0: 0.00"])
  }

  @Test func `sales of a channel without any rate earn nothing`() throws {
    var books = try Ledgerless(net: Self.steps)
    books.sell(5, at: "10", channel: "mail")
    #expect(try books.replay().sums.isEmpty)
  }

  @Test func `referrers have their part of what the lines earned`() throws {
    let member = UUID(high: 7, low: 7)
    var books = Ledgerless(
      try Ledgerless.terms("net", Self.steps + #","referral_ppm":100000"#))
    books.sell(6, at: "10", referrer: member)
    books.sell(1, at: "10")
    books.sell(-1, at: "10", on: "2027-01-12", of: 0, referrer: member)
    let referred = try books.replay().referred
    #expect(referred.count == 1)
    #expect(referred.first?.value == 5 * 1_000_000_000 * PoolReckoning.scale * 100_000)
  }

  @Test func `what no pool could hold is refused, not wrapped`() throws {
    var books = try Ledgerless(
      net: #""rules":[{"channel":"direct","rate_ppm":1000000}],"deductions_cap_ppm":1,"#
        + #""deductions":[{"name":"discount"}]"#)
    for _ in 0..<60 { books.sell(1_000_000_000, at: "9", list: "9") }
    #expect(throws: Never.self) { try books.earned() }
    let prices = #""list_prices":{"USD":"10000000"}"#
    var list = Ledgerless(try Ledgerless.terms("list", prices))
    for _ in 0..<30 {
      list.sell(
        1_000_000_000, at: "9", list: "9000000000")
    }
    #expect(throws: AmountOverflow.self) { try list.earned() }
  }
}
