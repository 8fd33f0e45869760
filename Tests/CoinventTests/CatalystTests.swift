import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct CatalystTests {
  /// An accepted idea with two duplicates: one with three votes, one with none.
  private func accepted(_ recipe: Recipe? = nil, in pool: Pool) async throws
    -> (product: ProductID, crowd: [MemberID])
  {
    let story = Story(pool)
    let crowd = try await story.crowd(7)
    let original = try await story.idea(by: crowd[0])
    let later = try await story.idea(by: crowd[1])
    let lone = try await story.idea(by: crowd[2])
    for voter in crowd[3...5] { try await story.vote(voter, for: later) }
    for idea in [later, lone] { try await story.merge(idea, into: original, by: crowd[6]) }
    return (try await story.accept(original, by: crowd[6], recipe: recipe), crowd)
  }

  @Test func `those who brought a duplicate keep a tenth, half of it its author's`() async throws {
    try await withDatabase { pool in
      let (product, crowd) = try await accepted(in: pool)
      let influence = try #require(try await Influence.of(product, in: pool))
      let catalysts = influence.shares.filter { $0.slice == "catalyst" }
      // Weights 3 + (1 + 1 + 1) and, for the one without votes, 1: seven in all.
      let parts = Dictionary(uniqueKeysWithValues: catalysts.map { ($0.member, $0.ppb) })
      #expect(parts[crowd[1]] == 42_857_143)
      #expect(crowd[3...5].allSatisfy { [14_285_714, 14_285_715].contains(parts[$0] ?? 0) })
      #expect(catalysts.reduce(0) { $0 + $1.ppb } == 100_000_000)
      #expect(influence.shares.reduce(0) { $0 + $1.ppb } == 1_000_000_000)
      let inventor = influence.shares.first { $0.slice == "inventor" }
      #expect(inventor?.ppb == 378_000_000)
    }
  }

  @Test func `a recipe without that slice gives catalysts nothing`() async throws {
    try await withDatabase { pool in
      let (product, _) = try await accepted(.standard, in: pool)
      let influence = try #require(try await Influence.of(product, in: pool))
      #expect(!influence.shares.contains { $0.slice == "catalyst" })
    }
  }

  @Test func `a merge that was taken back earns nothing, and the whole default applies`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(4)
      let original = try await story.idea(by: crowd[0])
      let later = try await story.idea(by: crowd[1])
      try await story.vote(crowd[2], for: later)
      try await story.merge(later, into: original, by: crowd[3])
      try await story.unmerge(later, by: crowd[3])
      let product = try await story.accept(original, by: crowd[3])
      let influence = try #require(try await Influence.of(product, in: pool))
      #expect(!influence.shares.contains { $0.slice == "catalyst" })
      #expect(influence.shares.first { $0.slice == "inventor" }?.ppb == 420_000_000)
    }
  }

  @Test func `the default with catalysts is whole`() {
    let parts = Recipe.standard.withCatalysts.parts
    #expect(parts.reduce(0) { $0 + $1.ppb } == 1_000_000_000)
    #expect(Set(parts.map(\.slice)) == Set(Slice.allCases))
    #expect(Recipe.standard.withCatalysts.withCatalysts == Recipe.standard.withCatalysts)
  }
}
