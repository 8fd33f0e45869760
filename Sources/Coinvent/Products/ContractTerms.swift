import JSON

/// Which part of which revenue belongs to the community: a base, and a rate by channel.
public struct ContractTerms: Sendable, Equatable {
  /// What the rates are taken of.
  public enum Revenue: String, Sendable, CaseIterable {
    /// Quantity times unit price.
    case gross
    /// Gross less the line's discount and allowance.
    case net
  }

  public let base: Revenue
  /// Parts per million by channel, in the order given.
  public let rates: [(channel: String, ppm: Int64)]
  /// Which part of the pool of a sale with a referral code belongs to the code's member, in ppm.
  public let referral: Int64

  /// Direct 30 %, retail 10 % of net.
  public static let standard = ContractTerms(
    base: .net, rates: [("direct", 300_000), ("retail", 100_000)])

  public init(base: Revenue, rates: [(channel: String, ppm: Int64)], referral: Int64 = 0) {
    self.base = base
    self.rates = rates
    self.referral = referral
  }

  /// Reads `{"base":"gross"|"net","rates":{"direct":300000,"retail":100000},"referral_ppm":0}`,
  /// rates in ppm; the last may be left out.
  /// - Throws: `Invalid` with every mistake at once.
  public init(json: JSON, at pointer: String = "") throws(Invalid) {
    var fields = try Fields(json, at: pointer)
    let base = fields.choice("base", of: Revenue.self)
    let channels = fields.json("rates")?.object?.keys ?? []
    if channels.isEmpty {
      fields.note("rates", "must be an object with a rate for at least one channel")
    }
    let rates = fields.part("rates") { json throws(Invalid) in
      try ContractTerms.rates(json, at: "\(pointer)/rates")
    }
    let referral = fields.optionalWhole("referral_ppm", in: 0...1_000_000) ?? 0
    try fields.finish()
    self.init(base: base, rates: rates ?? [], referral: referral)
  }

  private static func rates(_ json: JSON, at pointer: String) throws(Invalid)
    -> [(channel: String, ppm: Int64)]
  {
    var fields = try Fields(json, at: pointer)
    var rates: [(channel: String, ppm: Int64)] = []
    for channel in json.object?.keys ?? [] {
      if !isChannel(channel) {
        fields.note(channel, "a channel is 1 to 32 of a-z, 0-9 and _, a letter first")
      }
      rates.append((channel, fields.whole(channel, in: 0...1_000_000)))
    }
    try fields.finish()
    return rates
  }

  /// The form of a channel's name.
  public static func isChannel(_ text: String) -> Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard (1...32).contains(text.utf8.count), letters.contains(text.utf8.first ?? 0) else {
      return false
    }
    return text.utf8.allSatisfy {
      letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_")
    }
  }

  public static func == (a: ContractTerms, b: ContractTerms) -> Bool {
    a.base == b.base && a.referral == b.referral && a.rates.map(\.channel) == b.rates.map(\.channel)
      && a.rates.map(\.ppm) == b.rates.map(\.ppm)
  }
}
