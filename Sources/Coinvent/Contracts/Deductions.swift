import JSON

/// What is deducted from gross to come to net, instead of the whole discount and allowance.
public struct Deductions: Sendable, Equatable {
  public struct Item: Sendable, Equatable {
    /// `discount`, `allowance`, or a name in the deductions of a sale line.
    public let name: String
    /// At most so many parts per million of the line's gross.
    public let cap: Int64?

    public init(name: String, cap: Int64? = nil) {
      self.name = name
      self.cap = cap
    }
  }

  public let items: [Item]
  /// All together at most so many parts per million of the line's gross.
  public let cap: Int64?

  public init(items: [Item], cap: Int64? = nil) {
    self.items = items
    self.cap = cap
  }

  /// Nil when there are none.
  init?(_ fields: inout Fields, base: ContractTerms.Revenue) {
    let cap = fields.optionalWhole("deductions_cap_ppm", in: 0...1_000_000)
    guard fields.json("deductions") != nil else {
      if cap != nil { fields.note("deductions_cap_ppm", "needs deductions") }
      return nil
    }
    if base != .net { fields.note("deductions", "are only of the base net") }
    let items = fields.list("deductions", 1...20) { item throws(Invalid) in
      Item(name: item.label("name"), cap: item.optionalWhole("cap_ppm", in: 0...1_000_000))
    }
    if Set(items.map(\.name)).count < items.count {
      fields.note("deductions", "must each have another name")
    }
    self.init(items: items, cap: cap)
  }

  var json: JSON {
    .array(
      items.map { item in
        var json = JSONObject()
        json["name"] = .string(item.name)
        json["cap_ppm"] = item.cap.map { .int($0) }
        return .object(json)
      })
  }
}
