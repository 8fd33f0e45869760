import Ledger
import Testing

@Suite struct AmountTests {
  private let usd = Currency("USD")!

  @Test(arguments: [
    ("29.99", 29_990_000_000), ("-3", -3_000_000_000), ("0.000000001", 1), ("0", 0),
    ("9223372036.854775807", Int64.max), ("-9223372036.854775808", Int64.min),
  ])
  func `a decimal is read exactly`(text: String, nanos: Int64) throws {
    #expect(try Amount.nanos(decimal: text) == nanos)
  }

  @Test(arguments: [
    "", "-", ".", "1.", ".5", "+1", "1e3", "1,000", " 1", "0x1", "١", "--1", "1.2.3",
  ])
  func `what is no decimal is refused`(text: String) {
    #expect(throws: AmountError.malformed) { try Amount.nanos(decimal: text) }
  }

  @Test func `ten digits after the point are refused and not rounded`() {
    #expect(throws: AmountError.tooPrecise) { try Amount.nanos(decimal: "0.0000000001") }
  }

  @Test(arguments: ["9223372036.854775808", "-9223372036.854775809", "99999999999999999999"])
  func `what does not fit is an error and never wraps`(text: String) {
    #expect(throws: AmountError.overflow) { try Amount.nanos(decimal: text) }
  }

  @Test func `sums and products that do not fit throw`() throws {
    let most = Amount(nanos: .max, currency: usd)
    #expect(throws: AmountError.overflow) { try most.adding(Amount(nanos: 1, currency: usd)) }
    #expect(throws: AmountError.overflow) { try most.times(2) }
  }

  @Test func `texts carry every digit and never fewer than the minor unit`() throws {
    func text(_ decimal: String, _ code: String) throws -> String {
      try Amount(decimal: decimal, currency: #require(Currency(code))).decimal
    }
    #expect(try text("12.6", "USD") == "12.60")
    #expect(try text("1.1988", "USD") == "1.1988")
    #expect(try text("-0.000000001", "USD") == "-0.000000001")
    #expect(try text("5", "JPY") == "5")
    #expect(try text("5", "KWD") == "5.000")
    #expect(Amount(nanos: .min, currency: usd).decimal == "-9223372036.854775808")
  }

  @Test func `payouts round down to what the currency can pay`() throws {
    for (code, decimal, paid) in [
      ("USD", "9.999999999", "9.99"), ("JPY", "9.9", "9"), ("KWD", "0.0019", "0.001"),
    ] {
      let amount = try Amount(decimal: decimal, currency: #require(Currency(code)))
      #expect(amount.roundedDownToMinorUnits.decimal == paid)
    }
  }

  @Test func `reading what was written gives the same amount`() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let nanos = Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...62)
      #expect(try Amount.nanos(decimal: Amount(nanos: nanos, currency: usd).decimal) == nanos)
    }
  }

  @Test func `only current codes are currencies`() {
    for code in ["usd", "US", "USDX", "XXX", "DEM", "HRK", ""] { #expect(Currency(code) == nil) }
  }
}
