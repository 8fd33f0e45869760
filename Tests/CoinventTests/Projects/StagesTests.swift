import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct StagesTests {
  private struct Scene {
    let story: Story
    let ada: MemberID
    let curator: MemberID
    let product: ProductID

    init(_ pool: Pool) async throws {
      story = Story(pool)
      ada = try await story.member("ada")
      curator = try await story.member("cora", role: .curator)
      product = try await story.product(by: ada, curator: curator)
    }
  }

  @Test func `the table of transitions says what the program says`() async throws {
    try await withDatabase { pool in
      let rows = try await pool.all(
        "SELECT old_stage, new_stage, bool_and(explained) FROM stage_transitions GROUP BY 1, 2",
        as: (String, String, Bool).self)
      var ways: [String: Bool] = [:]
      for (old, new, needsReason) in rows { ways["\(old) \(new)"] = needsReason }
      for old in Stage.allCases {
        for new in Stage.allCases {
          let stored = ways["\(old.rawValue) \(new.rawValue)"]
          let said: Bool? =
            switch old.way(to: new) {
            case .free: false
            case .withReason: true
            case .never: nil
            }
          #expect(stored == said, "\(old) to \(new)")
        }
      }
    }
  }

  @Test func `a product begins with research and goes forward, back with a reason, and stops`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let story = scene.story
      #expect(try await Product.find(scene.product, in: pool)?.stage == .research)
      guard
        case .moved(let naming) = try await story.stage(
          scene.product, .naming, needed: "A name", by: scene.curator)
      else { throw Surprise("not moved") }
      #expect(naming.old == .research && naming.neededNext == "A name" && naming.number == 2)
      guard case .unchanged = try await story.stage(scene.product, .naming, needed: "A name")
      else { throw Surprise("not repeated") }
      guard case .moved(let news) = try await story.stage(scene.product, .naming, needed: "Two")
      else { throw Surprise("no news") }
      #expect(news.enteredAt == naming.enteredAt && news.neededNext == "Two")
      guard case .reasonNeeded(from: .naming) = try await story.stage(scene.product, .design)
      else { throw Surprise("back without a reason") }
      guard case .reasonNeeded(from: .naming) = try await story.stage(scene.product, .shelved)
      else { throw Surprise("stopped without a reason") }
      guard
        case .notAllowed(from: .naming) = try await story.stage(
          scene.product, .rightsReturned, reason: "No.")
      else { throw Surprise("rights returned from a stage") }
      guard case .moved = try await story.stage(scene.product, .design, reason: "Too heavy.")
      else { throw Surprise("not back") }
      guard
        case .moved(let stopped) = try await story.stage(
          scene.product, .shelved, reason: "Too dear.")
      else { throw Surprise("not shelved") }
      #expect(stopped.stoppedBecause == "Too dear." && stopped.changedBy == nil)
      guard case .moved = try await story.stage(scene.product, .presale, reason: "A sponsor.")
      else { throw Surprise("not back from the shelf") }
      guard case .moved = try await story.stage(scene.product, .shelved, reason: "Gone."),
        case .moved = try await story.stage(scene.product, .rightsReturned, reason: "For good."),
        case .notAllowed = try await story.stage(scene.product, .research, reason: "Again?")
      else { throw Surprise("the end is none") }
      let history = try await ProductStage.history(of: scene.product, in: pool)
      #expect(history.map(\.number) == Array(1...8))
      #expect(try await Product.find(scene.product, in: pool)?.stage == .rightsReturned)
      guard case .unknown = try await story.stage(ProductID.new(), .design)
      else { throw Surprise("a product out of nothing") }
    }
  }

  @Test func `who follows the idea hears of a new stage`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      try await scene.story.stage(scene.product, .design, reason: "It works.", by: scene.curator)
      let told = try await pool.all(
        "SELECT kind, detail FROM notices WHERE kind = 'product_stage' AND recipients IS NULL",
        as: (String, String).self)
      #expect(told.map(\.1) == ["design: It works."])
      let followers = try await pool.all(
        "SELECT member_id FROM idea_followers WHERE idea_id = \(scene.product.uuid)",
        as: UUID.self)
      #expect(followers.contains(scene.ada.uuid))
    }
  }

  @Test func `the database lets no stage follow that may not`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      func insert(_ number: Int32, _ old: String, _ new: String, _ reason: String?) async throws {
        try await pool.execute(
          """
          INSERT INTO product_stages (product_id, number, old_stage, stage, reason, entered_at,
                                      changed_at)
          VALUES (\(scene.product.uuid), \(number), \(old), \(new), \(reason), now(), now())
          """)
      }
      for (number, old, new, reason) in [
        (2, "research", "shelved", nil), (2, "design", "naming", nil),
        (3, "research", "design", nil),
        (2, "research", "rights_returned", "Why not."),
      ] as [(Int32, String, String, String?)] {
        await #expect(throws: DatabaseError.self) { try await insert(number, old, new, reason) }
      }
      try await insert(2, "research", "design", nil)
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE product_stages SET reason = 'x'")
      }
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE products SET stage = 'shipping'")
      }
    }
  }

  @Test func `products are listed by stage, page by page`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      for _ in 0..<4 {
        _ = try await scene.story.product(by: scene.ada, curator: scene.curator)
      }
      try await scene.story.stage(scene.product, .design)
      var seen: [ProductID] = []
      var cursor: TimeCursor?
      repeat {
        let page = try await ListedProduct.all(limit: 2, after: cursor, in: pool)
        seen += page.products.map(\.id)
        cursor = page.next
      } while cursor != nil
      #expect(seen.count == 5 && Set(seen).count == 5)
      let designed = try await ListedProduct.all(stage: .design, limit: 2, in: pool)
      #expect(designed.products.map(\.id) == [scene.product] && designed.next == nil)
    }
  }
}
