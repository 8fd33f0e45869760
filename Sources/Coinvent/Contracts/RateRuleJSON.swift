import JSON
import Ledger

extension RateRule {
  /// Reads one rule; see Docs/contracts.md.
  /// - Parameter channels: those that the contract has a rate for.
  init(_ fields: inout Fields, channels: [String]) {
    channel = fields.optionalText("channel")
    if let channel, !channels.contains(channel) {
      fields.note("channel", "must be one of the channels in rates")
    }
    territory = fields.optionalText("territory")
    if let territory, !RateRule.isTerritory(territory) {
      fields.note("territory", "must be two capital letters such as US")
    }
    format = fields.optionalText("format")
    if let format, !ContractTerms.isChannel(format) {
      fields.note("format", "must be 1 to 32 of a-z, 0-9 and _, a letter first")
    }
    if channel == nil && territory == nil && format == nil {
      fields.note("rate_ppm", "is of no sales: name a channel, a territory or a format")
    }
    ppm = fields.whole("rate_ppm", in: 0...1_000_000)
    measure = fields.optionalChoice("by", of: Measure.self)
    counter = fields.optionalLabel("counter")
    minimums = fields.amounts("minimum_per_unit")
    if measure == .money && !minimums.isEmpty {
      fields.note("minimum_per_unit", "has no meaning in a rule by money")
    }
    readCurrency(&fields)
    readSteps(&fields)
  }

  private mutating func readCurrency(_ fields: inout Fields) {
    if measure == .money {
      currency = fields.currency("currency")
    } else if fields.json("currency") != nil {
      fields.note("currency", "is only of a rule by money")
    }
  }

  private mutating func readSteps(_ fields: inout Fields) {
    guard let measure else {
      if fields.json("steps") != nil && fields.json("by") == nil {
        fields.note("by", "is required with steps: units, money or date")
      }
      return
    }
    steps = fields.list("steps", 1...20) { step throws(Invalid) in
      RateStep(&step, by: measure)
    }
    if zip(steps, steps.dropFirst()).contains(where: { $0.threshold >= $1.threshold }) {
      fields.note("steps", "must ascend")
    }
  }

  static func isTerritory(_ text: String) -> Bool {
    text.utf8.count == 2
      && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }

  public var json: JSON {
    var json = JSONObject()
    json["channel"] = channel.map { .string($0) }
    json["territory"] = territory.map { .string($0) }
    json["format"] = format.map { .string($0) }
    json["rate_ppm"] = .int(ppm)
    json["by"] = measure.map { .string($0.rawValue) }
    json["currency"] = currency.map { .string($0.code) }
    if let measure { json["steps"] = .array(steps.map { $0.json(by: measure, currency) }) }
    json["counter"] = counter.map { .string($0) }
    if !minimums.isEmpty { json["minimum_per_unit"] = FurtherTerms.json(minimums) }
    return .object(json)
  }
}
