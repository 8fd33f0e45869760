import Testing

@testable import Coinvent

@Suite struct MappedNumbersTests {
  private static let texts: [(MappedNumbers, String, String?)] = [
    (MappedNumbers.point, "1,234.50", "1234.50"), (.point, "-12,34,567.8", "-1234567.8"),
    (.point, "24.90", "24.90"), (.point, "1 234", "1234"), (.point, "25,99", nil),
    (.point, "1,2345", nil), (.point, "1.234,50", nil), (.point, ",50", nil), (.point, "0,5", nil),
    (.comma, "1.234,50", "1234.50"), (.comma, "24,90", "24.90"), (.comma, "-7", "-7"),
    (.comma, "24.90", nil), (.comma, "1,234.50", nil), (.comma, "1.0", nil),
    (.comma, "1'234,5", "1234.5"), (.either, "95,00", "95.00"), (.either, "-95.00", "-95.00"),
    (.either, "7", "7"), (.either, "1,234", nil), (.either, "1.234,50", nil), (.point, "", ""),
  ]

  @Test(arguments: texts)
  func `signs that fit are read, and others are refused`(
    numbers: MappedNumbers, text: String, plain: String?
  ) {
    #expect(numbers.plain(text) == plain)
  }
}
