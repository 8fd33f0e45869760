extension Recipe {
  /// The shipped default. Our assumption: it fits every published anchor of the historical model.
  public static let standard = Recipe(
    parts: [
      Part(slice: .inventor, ppb: 420_000_000, policy: .named),
      Part(slice: .ideaVotes, ppb: 100_000_000, policy: .selective),
      Part(slice: .ideaDiscussion, ppb: 40_000_000, policy: .equal),
      Part(slice: .comparison, ppb: 40_000_000, policy: .equal),
      Part(slice: .research, ppb: 50_000_000, policy: .equal),
    ] + adopted(.design, entry: 80_000_000, vote: 20_000_000)
      + adopted(.finish, entry: 24_000_000, vote: 6_000_000)
      + adopted(.naming, entry: 25_000_000, vote: 25_000_000)
      + adopted(.tagline, entry: 15_000_000, vote: 15_000_000)
      + adopted(.packaging, entry: 16_000_000, vote: 4_000_000) + [
        Part(slice: .pricing, ppb: 20_000_000, policy: .accuracy),
        Part(slice: .presale, ppb: 100_000_000, policy: .proRata),
      ], unclaimed: .house)

  /// A slice that those who made what was adopted share with those who chose it.
  private static func adopted(_ slice: Slice, entry: Int64, vote: Int64) -> [Part] {
    [
      Part(slice: slice, role: .entry, ppb: entry, policy: .pickWeight),
      Part(slice: slice, role: .vote, ppb: vote, policy: .selective),
    ]
  }

  /// The default for an idea that others were merged into: their groups keep a tenth, as on the
  /// historical platform, and every other part gives a tenth of itself. A recipe that has a part
  /// for catalysts stays as it is.
  public var withCatalysts: Recipe {
    if parts.contains(where: { $0.slice == .catalyst }) { return self }
    let tenth = Recipe.whole / 10
    let sizes = LargestRemainder.divide(Recipe.whole - tenth, by: parts.map { UInt128($0.ppb) })
    let rest = zip(parts, sizes).filter { $0.1 > 0 }.map { part, ppb in
      Part(
        slice: part.slice, role: part.role, ppb: ppb, policy: part.policy, step: part.step,
        tolerancePPM: part.tolerancePPM, cap: part.cap.map(Recipe.nineTenths),
        minimum: part.minimum.map(Recipe.nineTenths))
    }
    return Recipe(
      parts: rest + [Part(slice: .catalyst, ppb: tenth, policy: .proRata)], unclaimed: unclaimed)
  }

  private static func nineTenths(_ ppb: Int64) -> Int64 { max(1, ppb * 9 / 10) }
}
