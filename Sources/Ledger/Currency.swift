/// An ISO 4217 currency, by its alphabetic code.
public struct Currency: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Three capital letters.
  public let code: String

  /// - Returns: nil unless `code` is on the list of current ISO 4217 currencies.
  public init?(_ code: String) {
    guard Currency.digits(of: code) != nil else { return nil }
    self.code = code
  }

  /// Digits after the point in the currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD.
  public var minorUnits: Int { Currency.digits(of: code) ?? 2 }

  /// Nanos in one minor unit: 10 000 000 for a cent.
  public var minorUnit: Int64 { Amount.powersOfTen[9 - minorUnits] }

  public var description: String { code }

  public static func < (a: Currency, b: Currency) -> Bool { a.code < b.code }

  private static func digits(of code: String) -> Int? {
    if none.contains(code) { return 0 }
    if three.contains(code) { return 3 }
    return two.contains(code) ? 2 : nil
  }

  // ISO 4217 list one, without precious metals, funds and testing codes.
  private static let none = codes(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF")
  private static let three = codes("BHD IQD JOD KWD LYD OMR TND")
  private static let two = codes(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD \
    CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD \
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP \
    PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS \
    TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
    """)

  private static func codes(_ text: String) -> Set<String> {
    Set(text.split(separator: " ").map(String.init))
  }
}
