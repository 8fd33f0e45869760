import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct RecipeTests {
  @Test func `a recipe is written as it was read, figures and all`() throws {
    var random = Seeded(seed: 11)
    for _ in 0..<100 {
      let recipe = RandomInfluence.recipe(&random)
      #expect(try Recipe(json: recipe.json) == recipe)
    }
    let plain = try Recipe(
      json: [
        "slices": [["slice": "naming", "ppb": 1_000_000_000, "policy": "accuracy"]],
        "unclaimed": "house",
      ])
    #expect(plain.parts[0].tolerancePPM == 250_000 && plain.parts[0].role == .any)
  }

  @Test func `every mistake is named at once, at its place`() {
    func part(_ more: JSONObject) -> JSON {
      var part = more
      if part["slice"] == nil { part["slice"] = "naming" }
      if part["ppb"] == nil { part["ppb"] = 100_000_000 }
      if part["policy"] == nil { part["policy"] = "equal" }
      return .object(part)
    }
    func object(_ members: (String, JSON)...) -> JSONObject {
      var object = JSONObject()
      for (key, value) in members { object[key] = value }
      return object
    }
    let recipe: JSON = [
      "slices": [
        part(object(("role", "entry"))), part(object(("role", "entry"))),
        part(object(("role", "king"))), part(object(("policy", "luck"), ("step", 3))),
        part(object(("step", 3), ("tolerance_ppm", 3))),
        part(object(("cap_ppb", 3), ("minimum_ppb", 4))),
        part(object(("slice", "luck"), ("ppb", 0), ("color", "red"))),
      ],
      "unclaimed": "me",
    ]
    do {
      _ = try Recipe(json: recipe, at: "/recipe")
      Issue.record("it was read")
    } catch {
      #expect(
        Set(error.fields.map(\.pointer)) == [
          "/recipe/unclaimed", "/recipe/slices/1", "/recipe/slices/2/role",
          "/recipe/slices/3/policy", "/recipe/slices/4/step", "/recipe/slices/4/tolerance_ppm",
          "/recipe/slices/4", "/recipe/slices/5", "/recipe/slices/5/minimum_ppb",
          "/recipe/slices/6/slice", "/recipe/slices/6/ppb", "/recipe/slices/6/color",
        ], "\(error)")
    }
  }

  @Test func `a sum that is not whole says by how much it misses`() {
    func message(_ ppb: Int64) -> String? {
      do {
        _ = try Recipe(
          json: [
            "slices": [["slice": "naming", "ppb": .int(ppb), "policy": "equal"]],
            "unclaimed": "house",
          ])
        return nil
      } catch {
        return error.fields.map(\.message).joined()
      }
    }
    #expect(message(999_999_999)?.hasSuffix("these make 999999999, 1 too few") == true)
    #expect(message(1_000_000_000) == nil)
  }

  @Test func `a difference is told part by part, in percent with all its digits`() {
    let other = Recipe.standard.withCatalysts
    #expect(RecipeDiff(from: .standard, to: .standard).isEmpty)
    let diff = RecipeDiff(from: .standard, to: other)
    #expect(diff.changes.count == other.parts.count)
    #expect(diff.changes.reduce(0) { $0 + $1.growth } == 0)
    let catalyst = diff.changes.last
    #expect(catalyst?.before == nil && catalyst?.growth == 100_000_000)
    #expect(Recipe.percent(-42_000_000) == "-4.2")
    #expect(Recipe.percent(1) == "0.0000001")
    #expect(Recipe.percent(1_000_000_000) == "100")
  }

  @Test func `a role that no part names finds the part of all roles, and none is an entry`() {
    func recipe(_ roles: ContributionRole...) -> Recipe {
      let sizes = LargestRemainder.divide(Recipe.whole, by: roles.map { _ in 1 })
      return Recipe(
        parts: zip(roles, sizes).map {
          Recipe.Part(slice: .naming, role: $0, ppb: $1, policy: .equal)
        }, unclaimed: .house)
    }
    #expect(recipe(.vote, .any).place(of: .naming, .entry) == 1)
    #expect(recipe(.vote, .any).place(of: .naming, .any) == 1)
    #expect(recipe(.vote, .entry).place(of: .naming, .any) == 1)
    #expect(recipe(.vote).place(of: .naming, .any) == nil)
    #expect(recipe(.vote).place(of: .design, .vote) == nil)
  }

  @Test func `the first shares keep the first recipe, later ones have that of their start`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      let other = Recipe(
        parts: [Recipe.Part(slice: .inventor, ppb: Recipe.whole, policy: .named)],
        unclaimed: .house)
      func add(_ startsAt: Timestamp? = nil, at now: Timestamp = .now) async throws
        -> AddRecipe.Outcome
      {
        try await pool.transaction {
          try await AddRecipe.run(
            other, of: product, startsAt: startsAt, reason: "Agreed.", by: curator, at: now, in: $0)
        }
      }
      func held() async throws -> Int64? {
        try await Influence.of(product, in: pool)?.shares.first { $0.member == ada }?.ppb
      }
      let now = Timestamp.now
      guard case .added(2, now, .standard) = try await add(at: now) else {
        throw Surprise("not added")
      }
      #expect(try await add(now, at: now) == .startTaken)
      #expect(try await add(now, at: now + .seconds(1)) == .startsInThePast(now: now + .seconds(1)))
      // Recipe 2 is in force, and the first shares are governed by the first all the same.
      #expect(try await held() == 420_000_000)
      try await story.lock(product)
      #expect(try await held() == 420_000_000)
      try await story.lock(product)
      #expect(try await held() == Recipe.whole)
      try await story.verify()
    }
  }

  @Test func `shares that were proposed under another recipe are proposed again`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      try await story.lock(product)
      let lock = {
        try await pool.transaction { try await LockShares.run(product: product, by: nil, in: $0) }
      }
      let propose = {
        try await pool.transaction {
          try await ProposeShares.run(product: product, disputeDays: 0, by: nil, in: $0)
        }
      }
      _ = try await propose()
      _ = try await pool.transaction {
        try await AddRecipe.run(
          .standard.withCatalysts, of: product, reason: "Agreed.", by: curator, in: $0)
      }
      #expect(try await lock() == .recipeChanged(version: 2))
      _ = try await propose()
      #expect(try await lock() == .locked(version: 3))
    }
  }

  @Test func `a product gets the default of when its idea opened`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let early = try await story.idea(by: ada)
      let other = Recipe(
        parts: [Recipe.Part(slice: .ideaVotes, ppb: Recipe.whole, policy: .equal, cap: 7)],
        unclaimed: .spread)
      let added = try await pool.transaction {
        try await AddRecipe.toDefault(other, reason: "Agreed.", by: nil, in: $0)
      }
      guard case .added(1, _, .standard) = added else { throw Surprise("\(added)") }
      let late = try await story.idea(by: ada)
      for (idea, recipe) in [(early, Recipe.standard), (late, other)] {
        let product = try await story.accept(idea, by: curator)
        #expect(try await Product.find(product, in: pool)?.recipe == recipe)
      }
      let (past, taken) = try await pool.transaction { tx in
        let now = Timestamp.now
        let later = now + .seconds(60)
        _ = try await AddRecipe.toDefault(
          other, startsAt: later, reason: "Later.", by: nil, at: now, in: tx)
        return (
          try await AddRecipe.toDefault(
            other, startsAt: now, reason: "Past.", by: nil, at: later, in: tx),
          try await AddRecipe.toDefault(
            other, startsAt: later, reason: "Again.", by: nil, at: now, in: tx)
        )
      }
      guard case .startsInThePast = past else { throw Surprise("\(past)") }
      #expect(taken == .startTaken)
    }
  }

  @Test func `an unknown product gets no recipe, and a reason must be given`() async throws {
    try await withDatabase { pool in
      let outcome = try await pool.transaction {
        try await AddRecipe.run(.standard, of: .new(), reason: "Agreed.", by: nil, in: $0)
      }
      #expect(outcome == .unknownProduct)
      await #expect(throws: Invalid.self) {
        try await pool.transaction {
          try await AddRecipe.toDefault(.standard, reason: " ", by: nil, in: $0)
        }
      }
      let compared = try await CompareRecipes.run(.new(), from: .standard, to: .standard, in: pool)
      #expect(compared == nil)
    }
  }

  @Test func `what two recipes make of the same events is told holder by holder`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      try await story.contribute(bob, to: product, .naming)
      let other = Recipe(
        parts: [
          Recipe.Part(slice: .inventor, ppb: 420_000_000, policy: .named),
          Recipe.Part(slice: .naming, ppb: 580_000_000, policy: .equal),
        ], unclaimed: .house)
      let changed = try await CompareRecipes.run(
        product, from: .standard, to: other, in: pool)?.changed
      #expect(
        changed == [
          CompareRecipes.Holding(member: bob, before: 25_000_000, after: 580_000_000),
          CompareRecipes.Holding(member: nil, before: 555_000_000, after: 0),
        ])
    }
  }
}
