import JSON
import Ledger

/// What a contract says beyond its base, its rates by channel and the referrers' part.
public struct FurtherTerms: Sendable, Equatable {
  public var rules: [RateRule] = []
  /// Nanos a unit; of the base list, for lines that carry no list price.
  public var listPrices: [Currency: Int64] = [:]
  /// Nil: the whole discount and allowance of a line.
  public var deductions: Deductions?
  public var opening: [OpeningCount] = []
  /// Advances first, then costs, each in the order given.
  public var items: [RecoupItem] = []
  public var guarantees: [Guarantee] = []
  public var reserve: ReserveTerm?
  /// Products that name the same pay back each other's advances and costs.
  public var collateral: String?

  public init() {}

  public var isEmpty: Bool { self == FurtherTerms() }

  /// Reads its members out of the contract's.
  init(_ fields: inout Fields, at pointer: String, base: ContractTerms.Revenue, channels: [String])
  {
    rules = fields.optionalList("rules", 1...200) { rule throws(Invalid) in
      RateRule(&rule, channels: channels)
    }
    listPrices = fields.amounts("list_prices")
    if base != .list && !listPrices.isEmpty {
      fields.note("list_prices", "are only of the base list")
    }
    deductions = Deductions(&fields, base: base)
    opening = fields.optionalList("opening", 1...200) { OpeningCount(&$0) }
    readItems(&fields)
    guarantees = fields.optionalList("guarantees", 1...50) { Guarantee(&$0) }.compactMap(\.self)
    reserve = fields.part("reserve") { json throws(Invalid) in
      try ReserveTerm(json: json, at: "\(pointer)/reserve")
    }
    collateral = fields.optionalLabel("collateral")
    check(&fields)
  }

  private mutating func readItems(_ fields: inout Fields) {
    var position = 0
    for (key, kind) in [("advances", RecoupItem.Kind.advance), ("costs", .cost)] {
      items += fields.optionalList(key, 1...50) { item throws(Invalid) in
        position += 1
        return RecoupItem(&item, kind, position: position)
      }.compactMap(\.self)
    }
  }

  /// What only the members together can tell.
  private func check(_ fields: inout Fields) {
    let places = rules.map { [$0.channel, $0.territory, $0.format] }
    if Set(places).count < places.count {
      fields.note("rules", "must each be of other sales; two name the same")
    }
    let counters = Set(rules.compactMap(\.counter))
    for name in Set(opening.map(\.counter)).subtracting(counters).subtracting([""]).sorted() {
      fields.note("opening", "\(name) is the counter of no rule here")
    }
    let opened = opening.map { [$0.counter, $0.currency?.code ?? ""] }
    if Set(opened).count < opened.count { fields.note("opening", "opens a counter twice") }
    let names = items.map(\.name) + guarantees.map(\.name)
    for name in Set(names).subtracting([""]).sorted() where names.count(where: { $0 == name }) > 1 {
      fields.note(
        items.contains { $0.name == name && $0.kind == .cost } ? "costs" : "advances",
        "\(name) is named twice among advances, costs and guarantees")
    }
  }
}

extension FurtherTerms {
  static func json(_ amounts: [Currency: Int64]) -> JSON {
    var json = JSONObject()
    for (currency, nanos) in amounts.sorted(by: { $0.key < $1.key }) {
      json[currency.code] = .string(Amount(nanos: nanos, currency: currency).decimal)
    }
    return .object(json)
  }

  /// The members that say something, every default spelt out.
  public var json: JSON {
    var json = JSONObject()
    func set(_ key: String, _ elements: [JSON]) {
      if !elements.isEmpty { json[key] = .array(elements) }
    }
    set("rules", rules.map(\.json))
    if !listPrices.isEmpty { json["list_prices"] = FurtherTerms.json(listPrices) }
    json["deductions"] = deductions.map(\.json)
    json["deductions_cap_ppm"] = deductions?.cap.map { .int($0) }
    set("opening", opening.map(\.json))
    set("advances", items.filter { $0.kind == .advance }.map(\.json))
    set("costs", items.filter { $0.kind == .cost }.map(\.json))
    set("guarantees", guarantees.map(\.json))
    json["reserve"] = reserve.map(\.json)
    json["collateral"] = collateral.map { .string($0) }
    return .object(json)
  }
}
