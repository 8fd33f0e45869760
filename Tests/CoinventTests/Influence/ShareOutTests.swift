import Postgres
import Testing

@testable import Coinvent

@Suite struct ShareOutTests {
  private func member(_ number: UInt64) -> MemberID { MemberID(uuid: UUID(high: 7, low: number)) }

  private func event(_ who: UInt64, _ slice: Slice, _ weight: Int64 = 1, at second: Int64 = 0)
    -> InfluenceEvent
  {
    InfluenceEvent(
      id: UUID(high: UInt64(second), low: who), member: member(who), slice: slice, weight: weight,
      occurredAt: Timestamp(microseconds: second * 1_000_000))
  }

  private func recipe(
    _ parts: [(Slice, Int64, SlicePolicy)], _ unclaimed: Recipe.Unclaimed = .house
  ) -> Recipe {
    Recipe(
      parts: parts.map { Recipe.Part(slice: $0.0, ppb: $0.1, policy: $0.2) }, unclaimed: unclaimed)
  }

  @Test func `the default recipe is whole`() {
    #expect(Recipe.standard.parts.reduce(0) { $0 + $1.ppb } == Recipe.whole)
    #expect(Set(Recipe.standard.parts.map(\.slice)) == Set(Slice.allCases).subtracting([.catalyst]))
  }

  @Test func `2992 equal contributors share sixty percent as the worked example says`() {
    let recipe = recipe([(.inventor, 400_000_000, .named), (.naming, 600_000_000, .equal)])
    let events = [event(0, .inventor)] + (1...2992).map { event($0, .naming, at: Int64($0)) }
    let shares = ShareOut.shares(recipe: recipe, events: events)
    let naming = shares.filter { $0.slice == "naming" }
    // 600 000 000 / 2992 = 200 534.76: some have one more than others, and none is lost.
    #expect(naming.count == 2992)
    #expect(Set(naming.map(\.ppb)) == [200_534, 200_535])
    #expect(shares.reduce(0) { $0 + $1.ppb } == Recipe.whole)
    // Ties of remainders go to the earliest.
    #expect(naming.first { $0.member == member(1) }?.ppb == 200_535)
    #expect(naming.first { $0.member == member(2992) }?.ppb == 200_534)
  }

  @Test func `a selective slice pays one over the votes that were spread`() {
    let recipe = recipe([(.ideaVotes, 1_000_000_000, .selective)])
    let shares = ShareOut.shares(
      recipe: recipe, events: [event(1, .ideaVotes, 1), event(2, .ideaVotes, 3)])
    #expect(shares.map(\.ppb) == [750_000_000, 250_000_000])
    #expect(
      shares.map(\.reason) == ["selective: 1/1 among 2 votes", "selective: 1/3 among 2 votes"])
  }

  @Test func `what nobody earned goes to the house as one share`() {
    let recipe = recipe([
      (.inventor, 420_000_000, .named), (.naming, 500_000_000, .weight),
      (.design, 80_000_000, .equal),
    ])
    let shares = ShareOut.shares(recipe: recipe, events: [event(1, .inventor)])
    #expect(shares.map(\.ppb) == [420_000_000, 580_000_000])
    #expect(shares.last?.member == nil)
    #expect(shares.last?.reason == "nobody earned naming, design")
  }

  @Test func `what nobody earned is spread pro rata when the recipe says so`() {
    let recipe = recipe(
      [
        (.inventor, 300_000_000, .named), (.naming, 100_000_000, .weight),
        (.design, 600_000_000, .equal),
      ],
      .spread)
    let shares = ShareOut.shares(recipe: recipe, events: [event(1, .inventor), event(2, .naming)])
    #expect(shares.map(\.ppb) == [750_000_000, 250_000_000])
  }

  @Test func `with no event at all the house holds everything`() {
    for unclaimed in Recipe.Unclaimed.allCases {
      let shares = ShareOut.shares(
        recipe: recipe([(.naming, 1_000_000_000, .equal)], unclaimed), events: [])
      #expect(shares.map(\.ppb) == [1_000_000_000])
      #expect(shares.first?.member == nil)
    }
  }

  @Test func `random recipes and events are whole, fair to one ppb, and do not heed order`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<400 {
      let recipe = Self.plainRecipe(&random)
      let events = (0..<Int.random(in: 0...60)).map { number in
        InfluenceEvent(
          id: UUID(high: 1, low: UInt64(number)), member: member(UInt64.random(in: 1...12)),
          slice: recipe.parts.randomElement()!.slice, weight: Int64.random(in: 1...50),
          occurredAt: Timestamp(microseconds: Int64.random(in: 0...5)))
      }
      let shares = ShareOut.shares(recipe: recipe, events: events)
      #expect(shares.reduce(0) { $0 + $1.ppb } == Recipe.whole)
      #expect(ShareOut.shares(recipe: recipe, events: events.shuffled()) == shares)
      expectFair(shares, recipe, events)
    }
  }

  private func expectFair(_ shares: [Share], _ recipe: Recipe, _ events: [InfluenceEvent]) {
    for part in recipe.parts {
      let slice = shares.filter { $0.slice == part.slice.rawValue }
      let size = slice.reduce(0) { $0 + $1.ppb }
      let all = events.filter { $0.slice == part.slice }
      // 1 … 50 have this common multiple.
      let unit: UInt128 = 3_099_044_504_245_996_706_400
      func weight(_ event: InfluenceEvent) -> UInt128 {
        switch part.policy {
        case .equal: 1
        case .selective: unit / UInt128(event.weight)
        default: UInt128(event.weight)
        }
      }
      let total = all.reduce(0 as UInt128) { $0 + weight($1) }
      for share in slice {
        let mine = all.filter { $0.member == share.member }.reduce(0 as UInt128) { $0 + weight($1) }
        let floor = Int64(UInt128(size) * mine / total)
        #expect(share.ppb == floor || share.ppb == floor + 1)
      }
    }
  }

  private static func plainRecipe(_ random: inout some RandomNumberGenerator) -> Recipe {
    let slices = Slice.allCases.shuffled(using: &random).prefix(
      Int.random(in: 1...6, using: &random))
    let cuts = LargestRemainder.divide(
      Recipe.whole, by: slices.map { _ in UInt128.random(in: 1...1000, using: &random) })
    return Recipe(
      parts: zip(slices, cuts).map {
        Recipe.Part(
          slice: $0, ppb: $1,
          policy: [SlicePolicy.named, .equal, .weight, .proRata, .pickWeight, .selective]
            .randomElement(using: &random)!)
      }, unclaimed: Bool.random(using: &random) ? .house : .spread)
  }

  @Test func `a hundred different spreads still divide exactly`() {
    let recipe = recipe([(.ideaVotes, 1_000_000_000, .selective)])
    let events = (1...100).map { event(UInt64($0), .ideaVotes, Int64($0)) }
    let shares = ShareOut.shares(recipe: recipe, events: events)
    #expect(shares.reduce(0) { $0 + $1.ppb } == Recipe.whole)
    #expect(shares.first?.ppb ?? 0 > 19 * (shares.last?.ppb ?? 0))
  }
}
