import Ledger
import Testing

@Suite struct DecimalTextTests {
  @Test(arguments: [
    (UInt128(0), 0, 0, "0"), (0, 2, 2, "0.00"), (0, 9, 0, "0"), (12_500, 3, 2, "12.50"),
    (12_500, 3, 0, "12.5"), (5, 9, 2, "0.000000005"), (10, 1, 0, "1"), (10, 0, 0, "10"),
    (1_000_000_000_000_000_000, 18, 2, "1.00"),
    (18_446_744_073_709_551_616, 0, 0, "18446744073709551616"),
    (UInt128(UInt64.max) + 1, 21, 2, "0.018446744073709551616"),
    (100_000_000_000_000_000_000_000_000_000_000_000_007, 21, 2,
      "100000000000000000.000000000000000000007"),
    (.max, 38, 0, "3.40282366920938463463374607431768211455"),
    (1, 38, 0, "0.00000000000000000000000000000000000001"),
  ])
  func `every digit is there, and of the zeros only those that are asked for`(
    value: UInt128, scale: Int, least: Int, text: String
  ) {
    #expect(DecimalText.of(value, scale: scale, least: least) == text)
  }

  @Test func `the sign stands before the digits`() {
    #expect(DecimalText.of(5, scale: 1, least: 0, sign: "−") == "−0.5")
  }

  @Test func `digits are those that Swift writes`() {
    var value: UInt128 = 1
    for _ in 0..<400 {
      value = value &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let shifted = value >> (value & 127)
      #expect(DecimalText.of(shifted, scale: 0, least: 0) == "\(shifted)")
    }
  }
}
