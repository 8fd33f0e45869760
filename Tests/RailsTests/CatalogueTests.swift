import JSON
import Ledger
import Postgres
import Rails
import TestSupport
import Testing

@testable import Coinvent

/// The real catalogue goes through projects: rounds with the real numbers of entries, chosen in
/// every way, prices guessed, presales charged; each product ends wholly shared out.
@Suite struct CatalogueTests {
  @Test(.enabled(if: Catalogue.isHere, "there is no ../shared/data beside this checkout"))
  func `every product of the real catalogue is shared out to the last ppb`() async throws {
    let catalogue = try Catalogue()
    #expect(catalogue.products.count == 126)
    try await PayoutScene.with { scene in
      let world = try await World(scene)
      var products: [ProductID] = []
      // Some at a time, as a community would.
      for group in stride(from: 0, to: catalogue.products.count, by: 3) {
        let some = catalogue.products[group..<min(group + 3, catalogue.products.count)]
        products += try await withThrowingTaskGroup(of: ProductID.self) { tasks in
          for product in some { tasks.addTask { try await world.make(product) } }
          return try await tasks.reduce(into: []) { $0.append($1) }
        }
      }
      let entered = try await scene.pool.one(
        "SELECT count(*) FROM project_entries", as: Int.self)
      let rounds = catalogue.products.flatMap(\.rounds).map(\.entries)
      #expect(entered == rounds.reduce(0, +))
      #expect(rounds.max() == 4659)
      try await world.charge()
      for product in products { try await world.story.lock(product) }
      try await expectWhole(products, catalogue, scene)
      try await world.story.settle()
      try await world.story.verify()
    }
  }

  private func expectWhole(
    _ products: [ProductID], _ catalogue: Catalogue, _ scene: PayoutScene
  ) async throws {
    let totals = try await scene.pool.all(
      """
      SELECT v.product_id, sum(t.ppb)::bigint
      FROM share_versions v JOIN share_totals t USING (product_id, version)
      WHERE v.state = 'locked' GROUP BY v.product_id
      """, as: (UUID, Int64).self)
    #expect(totals.count == 126 && totals.allSatisfy { $0.1 == 1_000_000_000 })
    // What was picked has earned its slice, for who made it and for who chose it.
    let earned = try await scene.pool.all(
      """
      SELECT slice, role, count(DISTINCT product_id), sum(ppb)::bigint FROM shares
      WHERE slice <> 'house' GROUP BY slice, role
      """, as: (String, String, Int, Int64).self)
    let parts = Dictionary(uniqueKeysWithValues: earned.map { ("\($0.0)/\($0.1)", $0) })
    func rounds(_ phase: String) -> Int {
      catalogue.products.count { $0.rounds.contains { $0.phase == phase && $0.entries > 0 } }
    }
    #expect(parts["naming/entry"]?.2 == rounds("Naming"))
    #expect(parts["naming/entry"]?.3 == Int64(rounds("Naming")) * 25_000_000)
    #expect(parts["naming/vote"]?.3 == Int64(rounds("Naming")) * 25_000_000)
    #expect(parts["tagline/entry"]?.3 == Int64(rounds("Tagline")) * 15_000_000)
    #expect(parts["design/entry"]?.2 == rounds("Design"))
    #expect(parts["packaging/entry"]?.2 == rounds("Logo Design"))
    #expect(parts["research/"]?.2 == rounds("Problem / Solution"))
    #expect(parts["pricing/"]?.3 == Int64(126) * 20_000_000)
    #expect(parts["presale/"]?.3 == Int64(126) * 100_000_000)
  }
}

/// Who takes part, and how a product comes about.
private struct World {
  let scene: PayoutScene
  let story: Story
  let curator: MemberID
  let members: [MemberID]

  init(_ scene: PayoutScene) async throws {
    self.scene = scene
    story = Story(scene.pool)
    curator = try await story.member("curator", role: .curator)
    members = try await story.crowd(300)
  }

  /// Three days ago: a day for entries, a day for choices.
  private let start = Timestamp.now - .seconds(3 * 86_400)
  private var choosing: Timestamp { start + .seconds(90_000) }
  private var after: Timestamp { start + .seconds(2 * 86_400 + 1) }

  /// Not random: the same each time.
  private func member(_ number: Int) -> MemberID { members[number * 7919 % members.count] }

  func make(_ product: Catalogue.Product) async throws -> ProductID {
    let inventor = member(Int(product.inventor.dropFirst()) ?? 0)
    let id = try await story.product(by: inventor, curator: curator)
    for round in product.rounds { try await hold(round, of: id, product) }
    try await price(id, product)
    let opened = Timestamp.now - .seconds(7200)
    try await story.presale(of: id, target: 10, by: curator, at: opened)
    for buyer in 0..<6 {
      try await story.commit(
        member(buyer + product.name.utf8.count), to: id, units: 2, at: opened + .seconds(60))
    }
    return id
  }

  private func hold(
    _ round: (phase: String, entries: Int), of product: ProductID, _ made: Catalogue.Product
  ) async throws {
    switch round.phase {
    case "Naming" where round.entries > 1000:
      let (project, entries) = try await open(.naming, .duels, round.entries, product)
      try await duel(project)
      try await pick(project, entries: entries)
    case "Naming": try await vote(.naming, round.entries, product)
    case "Tagline": try await vote(.tagline, round.entries, product)
    case "Images": try await vote(.finish, round.entries, product)
    case "Design":
      let (project, entries) = try await open(
        .design, .ratings, round.entries, product, rules: ["criteria": ["useful", "beautiful"]])
      try await rate(project, entries)
      try await pick(project, entries: entries)
    case "Logo Design":
      let jurors = [member(1), member(2)]
      let (project, entries) = try await open(
        .packaging, .jury, round.entries, product,
        rules: ["jurors": .array(jurors.map { .string($0.description) })])
      try await score(project, entries, jurors)
      try await pick(project, entries: entries)
    case "Problem / Solution":
      let (project, _) = try await open(.research, .survey, round.entries, product)
      try await decide(project, .init(reason: "Thank you for the answers."))
    default: throw Surprise("the catalogue has a phase \(round.phase)")
    }
  }

  private func open(
    _ slice: Slice, _ choosing: Choosing, _ count: Int, _ product: ProductID, rules: JSON = [:]
  ) async throws -> (Project, [EntryID]) {
    let form = EntryForm([
      EntryField(
        "text", label: "Text", isRequired: true,
        .text(.init(length: 1...100, hasLines: false, isUnique: true)))
    ])
    let project = try await story.project(
      Story.draft(
        slice, form: form, choosing: choosing, rules: rules, entriesPerMember: 1000, at: start),
      of: product, by: curator, at: start)
    var entries: [EntryID] = []
    for from in stride(from: 0, to: count, by: 1000) {
      let wishes = (from..<min(from + 1000, count)).map {
        EnterProject.Wish(author($0), ["text": .string("\(slice.rawValue) \($0)")])
      }
      let outcome = try await scene.pool.transaction {
        try await EnterProject.many(
          wishes, in: project.id, of: product, at: start + .seconds(60), tx: $0)
      }
      guard case .entered(let ids) = outcome else { throw Surprise("\(outcome)") }
      entries += ids
    }
    return (project, entries)
  }

  /// The first fifty members only choose.
  private func author(_ entry: Int) -> MemberID { members[50 + entry * 31 % 250] }
  private var choosers: ArraySlice<MemberID> { members[10..<30] }

  /// Votes crowd on early entries.
  private func vote(_ slice: Slice, _ count: Int, _ product: ProductID) async throws {
    let (project, entries) = try await open(slice, .votes, count, product)
    for (place, voter) in choosers.enumerated() {
      for choice in 0..<min(3, count) {
        let entry = entries[(place % 3 * 5 + choice) % count]
        try await story.vote(voter, entry: entry, in: project.id, of: product, at: choosing)
      }
    }
    try await pick(project, entries: entries)
  }

  /// Whoever entered earlier is preferred.
  private func duel(_ project: Project) async throws {
    for judge in choosers {
      for _ in 0..<12 {
        let next = try await story.nextDuel(
          judge, in: project.id, of: project.product, at: choosing)
        guard case .pair(let pair, _) = next else { throw Surprise("\(next)") }
        let outcome = try await story.judge(
          pair, min(pair.left, pair.right), by: judge, in: project.id, of: project.product,
          at: choosing)
        guard case .judged = outcome else { throw Surprise("\(outcome)") }
      }
    }
  }

  private func rate(_ project: Project, _ entries: [EntryID]) async throws {
    for rater in choosers.prefix(3) {
      for (place, entry) in entries.enumerated() {
        try await story.rate(
          rater, entry: entry,
          [("useful", Int64(1 + place % 5)), ("beautiful", Int64(1 + place % 3))],
          in: project.id, of: project.product, at: choosing)
      }
    }
  }

  private func score(_ project: Project, _ entries: [EntryID], _ jurors: [MemberID]) async throws {
    for juror in jurors {
      for (place, entry) in entries.enumerated() {
        try await story.score(
          juror, entry: entry, Int64(place % 101), in: project.id, of: project.product,
          at: choosing)
      }
    }
  }

  /// The two that lead, three parts to one.
  private func pick(_ project: Project, entries: [EntryID]) async throws {
    if entries.isEmpty {
      return try await decide(project, .init(adopts: false, reason: "Nobody has entered."))
    }
    let outcome = try await story.leaders(project.id, of: project.product, at: after)
    guard case .leaders(let found) = outcome, !found.leaders.isEmpty else {
      throw Surprise("\(project.choosing) among \(entries.count) entries: \(outcome)")
    }
    let picks = zip(found.leaders, [3, 1] as [Int64]).map {
      DecideProject.Pick(entry: $0.entry, weight: $1)
    }
    try await decide(project, .init(picks: picks, reason: "These lead."))
  }

  private func decide(_ project: Project, _ wish: DecideProject.Wish) async throws {
    let outcome = try await story.decide(
      project.id, of: project.product, wish, by: curator, at: after)
    guard case .decided = outcome else { throw Surprise("\(outcome)") }
  }

  /// A price nobody knows is taken for 19.99.
  private func price(_ product: ProductID, _ made: Catalogue.Product) async throws {
    let price = made.price ?? 19_990_000_000
    let project = try await story.project(
      Story.draft(.pricing, choosing: .guesses, rules: ["currency": "USD"], at: start),
      of: product, by: curator, at: start)
    for (place, guesser) in choosers.enumerated() {
      let guess = price / 10_000_000 * Int64(90 + place) / 100 * 10_000_000
      try await story.guess(
        guesser, guess, in: project.id, of: product, at: choosing)
    }
    try await decide(project, .init(reason: "It costs this.", finalPrice: price))
  }

  /// Charges everybody whose presale has reached its target.
  func charge() async throws {
    var settings = ChargeWorker.Configuration()
    settings.patience = .seconds(5)
    let worker = ChargeWorker(
      pool: scene.pool, provider: scene.provider.paymentClient(patience: .seconds(2)),
      settings: settings, log: { _ in }, passed: { _, _ in })
    for _ in 0..<60 {
      if try await worker.drain().waiting == 0 { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Surprise("commitments still wait")
  }
}
