import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// The running estimate follows its events, and is what counting everything makes.
@Suite struct RunningShareTests {
  private func counted(_ product: ProductID, _ pool: Pool) async throws -> [UInt8] {
    try await Snapshot.now(of: product, in: pool)?.sha256 ?? []
  }

  @Test func `events and revocations one after the other end in the same hash`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      var random = Seeded(seed: 21)
      let crowd = try await story.crowd(8)
      let curator = try await story.member("curator", role: .curator)
      let book = RunningShareBook(in: pool)
      for _ in 0..<8 {
        let recipe = RandomInfluence.recipe(&random)
        let product = try await story.product(by: crowd[0], curator: curator, recipe: recipe)
        var standing: [UUID] = []
        for turn in 0..<12 {
          let events = RandomInfluence.events(
            Int.random(in: 0...30, using: &random), members: crowd, &random
          ).map { $0.renamed(UUID(high: product.uuid.low, low: $0.id.low << 8 | UInt64(turn))) }
          try await story.add(events, to: product)
          standing += events.map(\.id)
          for _ in 0..<Int.random(in: 0...4, using: &random) where !standing.isEmpty {
            let place = Int.random(in: 0..<standing.count, using: &random)
            try await story.takeBack(standing.remove(at: place), of: product)
          }
          let found = try #require(try await book.shares(of: product))
          #expect(try await counted(product, pool) == found.sha256)
          let all = try await ReadInfluence.events(of: product, in: pool)
          #expect(found.division.shares == ShareOut.shares(recipe: recipe, events: all))
          #expect(found.division.claims == Claims(recipe, events: all))
          // A server that was just started says the same.
          let fresh = try await RunningShareBook(in: pool).shares(of: product)
          #expect(fresh?.sha256 == found.sha256 && fresh?.horizon == found.horizon)
        }
      }
      #expect(try await book.shares(of: .new()) == nil)
    }
  }

  @Test func `many write and many read at the same time`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(6)
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: crowd[0], curator: curator)
      let books = (0..<2).map { _ in RunningShareBook(in: pool) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (number, member) in crowd.enumerated() {
          group.addTask {
            for turn in 0..<20 {
              let slice = Slice.allCases[(number + turn) % 12]
              let outcome = try await story.contribute(member, to: product, slice)
              if turn % 5 == 4, case .recorded(let id) = outcome {
                try await story.takeBack(id, of: product)
              }
            }
          }
        }
        for book in books {
          group.addTask {
            for _ in 0..<30 {
              let found = try #require(try await book.shares(of: product))
              let events = try await ReadInfluence.events(
                of: product, horizon: found.horizon, in: pool)
              let shares = ShareOut.shares(recipe: .standard, events: events)
              #expect(found.sha256 == Snapshot.sha256(of: shares))
            }
          }
        }
        try await group.waitForAll()
      }
      for book in books {
        let found = try await book.shares(of: product)
        #expect(try await counted(product, pool) == found?.sha256)
      }
    }
  }

  @Test func `another recipe in force is divided at the next question`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      try await story.lock(product)
      let book = RunningShareBook(in: pool)
      let before = try #require(try await book.shares(of: product))
      let recipe = Recipe(
        parts: [Recipe.Part(slice: .inventor, ppb: Recipe.whole, policy: .named)],
        unclaimed: .house)
      try await pool.transaction { tx in
        _ = try await AddRecipe.run(
          recipe, of: product, startsAt: nil, reason: "Agreed.", by: nil, in: tx)
      }
      let after = try #require(try await book.shares(of: product))
      #expect(before.recipeVersion == 1 && after.recipeVersion == 2)
      #expect(after.division.shares.map(\.ppb) == [Recipe.whole])
    }
  }

  @Test func `what was asked for longest ago is forgotten first, and counted again`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      var products: [ProductID] = []
      for _ in 0..<3 {
        products.append(try await story.product(by: ada, curator: curator))
      }
      let none = RunningShareBook(limit: 0, in: pool)
      #expect(try await none.shares(of: products[0]) != nil)
      #expect(none.figures.products.isEmpty && none.figures.size == 0)
      // Each has one claim, the inventor's.
      let two = RunningShareBook(limit: 2, in: pool)
      for place in [0, 1, 0, 2] {
        let found = try await two.shares(of: products[place])
        #expect(try await counted(products[place], pool) == found?.sha256)
      }
      #expect(two.figures.size == 2)
      #expect(two.figures.products == [products[0], products[2]])
      #expect(try await two.shares(of: products[1]) != nil)
      #expect(two.figures.products == [products[1], products[2]])
    }
  }

  @Test func `so many events at once are counted anew`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      let book = RunningShareBook(in: pool)
      let first = try #require(try await book.shares(of: product))
      try await pool.execute(
        """
        INSERT INTO influence_events
          (product_id, id, member_id, slice, weight, evidence, occurred_at)
        SELECT \(product.uuid), gen_random_uuid(), \(ada.uuid), 'presale', 1, '', now()
        FROM generate_series(1, \(EventNews.most + 1))
        """)
      let horizon = try await ShareBasis.lastArrival(product, in: pool)
      #expect(
        try await EventNews.read(of: product, from: first.horizon, to: horizon, in: pool) == nil)
      let found = try await book.shares(of: product)
      #expect(try await counted(product, pool) == found?.sha256)
    }
  }

  @Test func `an event that was taken back before it came is counted anew`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      let book = RunningShareBook(in: pool)
      _ = try await book.shares(of: product)
      let (early, late) = (UUID(high: 5, low: 1), UUID(high: 5, low: 2))
      for (id, revokes) in [(early, late as UUID?), (late, nil)] {
        try await pool.execute(
          """
          INSERT INTO influence_events
            (product_id, id, member_id, slice, weight, evidence, occurred_at, revokes)
          VALUES (\(product.uuid), \(id), \(ada.uuid), 'presale', 1, '', now(), \(revokes))
          """)
        let found = try await book.shares(of: product)
        #expect(try await counted(product, pool) == found?.sha256)
      }
      let shares = try await Influence.of(product, in: pool)?.shares.map(\.slice)
      #expect(shares == ["inventor", "house"])
    }
  }
}

extension InfluenceEvent {
  func renamed(_ id: Postgres.UUID) -> InfluenceEvent {
    InfluenceEvent(
      id: id, member: member, slice: slice, role: role, weight: weight, spread: spread,
      place: place, guess: guess, occurredAt: occurredAt)
  }
}

extension Story {
  func add(_ events: [InfluenceEvent], to product: ProductID) async throws {
    try await pool.transaction { tx in
      _ = try await AddEvents.hold(product, in: tx)
      try await AddEvents.run(events.map { ($0, "proof") }, to: product, by: nil, in: tx)
    }
  }
}
