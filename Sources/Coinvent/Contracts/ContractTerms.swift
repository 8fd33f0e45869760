import JSON

/// Which part of which revenue belongs to the community: a base, a rate by channel, and whatever
/// else was agreed.
public struct ContractTerms: Sendable, Equatable {
  /// What the rates are taken of.
  public enum Revenue: String, Sendable, CaseIterable {
    /// Quantity times unit price.
    case gross
    /// Gross less the line's discount and allowance, or less what `deductions` name.
    case net
    /// Quantity times list price.
    case list
  }

  public let base: Revenue
  /// Parts per million by channel, in the order given.
  public let rates: [(channel: String, ppm: Int64)]
  /// Which part of the pool of a sale with a referral code belongs to the code's member, in ppm.
  public let referral: Int64
  public let further: FurtherTerms

  /// Direct 30 %, retail 10 % of net.
  public static let standard = ContractTerms(
    base: .net, rates: [("direct", 300_000), ("retail", 100_000)])

  public init(
    base: Revenue, rates: [(channel: String, ppm: Int64)], referral: Int64 = 0,
    further: FurtherTerms = FurtherTerms()
  ) {
    self.base = base
    self.rates = rates
    self.referral = referral
    self.further = further
  }

  /// Whether base, rates and the referrers' part are all: then the database sums it up alone.
  public var isPlain: Bool { base != .list && further.isEmpty }

  /// Reads `{"base":"gross"|"net"|"list","rates":{"direct":300000},"referral_ppm":0}`, rates in
  /// ppm, and further terms beside them as Docs/contracts.md has them; all after rates may be left
  /// out.
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
    let further = FurtherTerms(&fields, at: pointer, base: base, channels: channels)
    let holdBack = ["advances", "costs", "guarantees", "reserve", "collateral"]
    if referral > 0 && holdBack.contains(where: { fields.json($0) != nil }) {
      fields.note(
        "referral_ppm",
        "must be 0 with advances, costs, guarantees, a reserve or collateral: a referrer's part is "
          + "of a sale's pool at once")
    }
    try fields.finish()
    self.init(base: base, rates: rates ?? [], referral: referral, further: further)
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

  /// The form of a channel's name, and of a format's.
  public static func isChannel(_ text: String) -> Bool {
    isLabel(text) && !text.utf8.contains(UInt8(ascii: "-"))
  }

  /// The form of the names of counters, advances and their like: 1 to 32 of a-z, 0-9, _ and -, a
  /// letter first.
  public static func isLabel(_ text: String) -> Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard (1...32).contains(text.utf8.count), letters.contains(text.utf8.first ?? 0) else {
      return false
    }
    return text.utf8.allSatisfy {
      letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_")
        || $0 == UInt8(ascii: "-")
    }
  }

  /// As it is read: further terms beside base and rates.
  public var json: JSON {
    var json = JSONObject()
    json["base"] = .string(base.rawValue)
    var rates = JSONObject()
    for (channel, ppm) in self.rates { rates[channel] = .int(ppm) }
    json["rates"] = .object(rates)
    json["referral_ppm"] = .int(referral)
    for (key, value) in further.json.object ?? JSONObject() { json[key] = value }
    return .object(json)
  }

  public static func == (a: ContractTerms, b: ContractTerms) -> Bool {
    a.base == b.base && a.referral == b.referral && a.rates.map(\.channel) == b.rates.map(\.channel)
      && a.rates.map(\.ppm) == b.rates.map(\.ppm) && a.further == b.further
  }
}
