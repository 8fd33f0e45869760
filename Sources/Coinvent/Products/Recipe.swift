import JSON

/// The slices of a product's community share; they add up to exactly 10⁹ ppb.
public struct Recipe: Sendable, Equatable {
  public struct Part: Sendable, Equatable {
    public let slice: Slice
    public let ppb: Int64
    public let policy: SlicePolicy
  }

  /// Where a slice goes that nobody earned.
  public enum Unclaimed: String, Sendable, CaseIterable {
    case house
    /// Pro rata over the slices that were earned.
    case spread
  }

  public static let whole: Int64 = 1_000_000_000
  public let parts: [Part]
  public let unclaimed: Unclaimed

  /// The shipped default. Our assumption: it fits every published anchor of the historical model.
  public static let standard = Recipe(
    parts: [
      Part(slice: .inventor, ppb: 420_000_000, policy: .named),
      Part(slice: .ideaVotes, ppb: 100_000_000, policy: .selective),
      Part(slice: .ideaDiscussion, ppb: 40_000_000, policy: .equal),
      Part(slice: .comparison, ppb: 40_000_000, policy: .equal),
      Part(slice: .research, ppb: 50_000_000, policy: .equal),
      Part(slice: .design, ppb: 100_000_000, policy: .weight),
      Part(slice: .finish, ppb: 30_000_000, policy: .weight),
      Part(slice: .naming, ppb: 50_000_000, policy: .weight),
      Part(slice: .tagline, ppb: 30_000_000, policy: .weight),
      Part(slice: .packaging, ppb: 20_000_000, policy: .weight),
      Part(slice: .pricing, ppb: 20_000_000, policy: .weight),
      Part(slice: .presale, ppb: 100_000_000, policy: .weight),
    ], unclaimed: .house)

  /// The default for an idea that others were merged into: their groups keep a tenth, as on the
  /// historical platform, and every other slice gives a tenth of itself.
  public static let standardWithCatalysts = Recipe(
    parts: standard.parts.map { Part(slice: $0.slice, ppb: $0.ppb / 10 * 9, policy: $0.policy) }
      + [Part(slice: .catalyst, ppb: whole / 10, policy: .weight)], unclaimed: standard.unclaimed)

  /// - Precondition: the parts are whole; what comes from outside goes through `init(json:)`.
  public init(parts: [Part], unclaimed: Unclaimed) {
    precondition(parts.reduce(0) { $0 + $1.ppb } == Recipe.whole, "a recipe adds up to 10⁹ ppb")
    self.parts = parts
    self.unclaimed = unclaimed
  }

  /// Reads `{"slices":[{"slice","ppb","policy"}, …],"unclaimed":"house"|"spread"}`.
  /// - Parameter pointer: where the object stands in the request, for error messages.
  /// - Throws: `Invalid` with every mistake at once.
  public init(json: JSON, at pointer: String = "") throws(Invalid) {
    var fields = try Fields(json, at: pointer)
    let unclaimed = fields.choice("unclaimed", of: Unclaimed.self)
    let parts = fields.list("slices", 1...Slice.allCases.count) { part throws(Invalid) in
      Part(
        slice: part.choice("slice", of: Slice.self), ppb: part.whole("ppb", in: 1...Recipe.whole),
        policy: part.choice("policy", of: SlicePolicy.self))
    }
    try fields.finish()
    if Set(parts.map(\.slice)).count < parts.count {
      throw Invalid("\(pointer)/slices", "name a slice twice")
    }
    let total = parts.reduce(0) { $0 + $1.ppb }
    guard total == Recipe.whole else {
      throw Invalid("\(pointer)/slices", "must add up to 1000000000 ppb; these make \(total)")
    }
    self.init(parts: parts, unclaimed: unclaimed)
  }

  public var json: JSON {
    [
      "slices": .array(
        parts.map {
          [
            "slice": .string($0.slice.rawValue), "ppb": .int($0.ppb),
            "policy": .string($0.policy.rawValue),
          ]
        }),
      "unclaimed": .string(unclaimed.rawValue),
    ]
  }
}
