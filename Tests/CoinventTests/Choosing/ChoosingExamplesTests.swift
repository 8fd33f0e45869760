import Coinvent
import Foundation
import JSON
import Ledger
import Postgres
import TestSupport
import Testing

/// The worked examples of Docs/policies that say how something is chosen, run as they stand.
@Suite struct ChoosingExamplesTests {
  static let pages: [String: JSON] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Docs/policies")
    var found: [String: JSON] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? [] {
      guard let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
      else { continue }
      for part in text.components(separatedBy: "```json\n").dropFirst() {
        let block = part.components(separatedBy: "```")[0]
        let json = try? JSON.parse(Array(block.utf8))
        if let json, json["choosing"] != nil { found[name] = json }
      }
    }
    return found
  }()

  @Test func `there is an example of every way but the curator's own`() {
    let ways = Set(Self.pages.values.compactMap { $0["choosing"]?.string })
    #expect(ways == Set(Choosing.allCases.map(\.rawValue)).subtracting(["curator"]))
  }

  @Test(arguments: pages.keys.sorted())
  func `the example comes out as its page says`(page: String) async throws {
    let example = try #require(Self.pages[page])
    try await withDatabase { pool in
      var run = try await ExampleRun(example, Story(pool))
      for choice in example["choices"]?.array ?? [] { try await run.choose(choice) }
      let leaders = try await run.leaders()
      #expect(leaders == example["leaders"], "\(leaders.text())")
      let events = try await run.decide()
      let expected = (example["events"]?.array ?? []).map { $0.text() }.sorted()
      #expect(events.map { $0.text() }.sorted() == expected)
    }
  }
}

private struct ExampleRun {
  let example: JSON
  let story: Story
  let curator: MemberID
  let product: ProductID
  let project: ProjectID
  var members: [String: MemberID] = [:]
  var entries: [String: EntryID] = [:]
  var now = Story.Round.chooses

  init(_ example: JSON, _ story: Story) async throws {
    self.example = example
    self.story = story
    curator = try await story.member("curator", role: .curator)
    product = try await story.product(by: story.member("inventor"), curator: curator)
    let choosing = try #require(Choosing(rawValue: example["choosing"]?.string ?? ""))
    let slice: Slice = choosing == .guesses ? .pricing : choosing == .survey ? .research : .naming
    for name in (example["rules"]?["jurors"]?.array ?? []).compactMap(\.string) {
      members[name] = try await story.member(name)
    }
    var rules = try #require(example["rules"]?.object)
    if let jurors = rules["jurors"]?.array {
      let known = members
      rules["jurors"] = .array(
        jurors.map { .string(known[$0.string ?? ""]?.description ?? "") })
    }
    project = try await story.round(product, choosing, .object(rules), slice: slice, by: curator)
    for entry in example["entries"]?.array ?? [] { try await enter(entry) }
  }

  mutating func member(_ json: JSON?) async throws -> MemberID {
    let name = try #require(json?.string)
    if let known = members[name] { return known }
    let made = try await story.member(name)
    members[name] = made
    return made
  }

  private mutating func enter(_ entry: JSON) async throws {
    let name = try #require(entry["name"]?.string)
    if let makers = entry["makers"]?.array {
      var team: [(member: MemberID, ppm: Int64)] = []
      for maker in makers {
        team.append((try await member(maker["member"]), maker["ppm"]?.int ?? 0))
      }
      entries[name] = try await story.enter(team: team, in: project, of: product)
    } else {
      let author = try await member(entry["by"])
      entries[name] = try await story.enter(
        [author], in: project, of: product, answers: entry["answers"] ?? [:])[0]
    }
  }

  private func entry(_ json: JSON?) throws -> EntryID {
    try #require(entries[json?.string ?? ""])
  }

  mutating func choose(_ choice: JSON) async throws {
    let member = try await member(choice["by"])
    now = now + .seconds(1)
    if choice["vote"] != nil {
      let outcome = try await story.vote(
        member, entry: entry(choice["vote"]), in: project, of: product, at: now)
      guard case .standing = outcome else { throw Surprise("\(outcome)") }
    } else if let order = choice["order"]?.array {
      try await judgeAll(member, try order.map { try entry($0) })
    } else if let stars = choice["stars"]?.object {
      let given = stars.map { (criterion: $0.key, stars: $0.value.int ?? 0) }
      let outcome = try await story.rate(
        member, entry: entry(choice["rate"]), given, in: project, of: product, at: now)
      guard case .rated = outcome else { throw Surprise("\(outcome)") }
    } else if let score = choice["score"]?.int {
      let outcome = try await story.score(
        member, entry: entry(choice["of"]), score, in: project, of: product, at: now)
      guard case .scored = outcome else { throw Surprise("\(outcome)") }
    } else {
      let nanos = try Amount.nanos(decimal: choice["guess"]?.string ?? "")
      let outcome = try await story.guess(member, nanos, in: project, of: product, at: now)
      guard case .guessed = outcome else { throw Surprise("\(outcome)") }
    }
  }

  private func judgeAll(_ member: MemberID, _ order: [EntryID]) async throws {
    var next = try await story.nextDuel(member, in: project, of: product, at: now)
    while case .pair(let pair, _) = next {
      let winner = order.first { $0 == pair.left || $0 == pair.right }
      let outcome = try await story.judge(
        pair, winner, by: member, in: project, of: product, at: now)
      guard case .judged(let following) = outcome else { throw Surprise("\(outcome)") }
      next = following
    }
  }

  func leaders() async throws -> JSON {
    let outcome = try await story.leaders(project, of: product)
    guard case .leaders(let found) = outcome else { throw Surprise("\(outcome)") }
    let names = Dictionary(uniqueKeysWithValues: entries.map { ($0.value, $0.key) })
    return .array(
      found.leaders.map {
        [
          "entry": .string(names[$0.entry] ?? ""), "score": .int($0.score), "count": .int($0.count),
        ]
      })
  }

  /// The events in the form of the pages, without what is not there.
  func decide() async throws -> [JSON] {
    let picks = try (example["picks"]?.array ?? []).map {
      DecideProject.Pick(entry: try entry($0["entry"]), weight: $0["weight"]?.int ?? 1)
    }
    let price = try example["final_price"]?.string.map { try Amount.nanos(decimal: $0) }
    let outcome = try await story.decide(
      project, of: product, .init(picks: picks, reason: "So it is.", finalPrice: price),
      by: curator)
    guard case .decided = outcome else { throw Surprise("\(outcome)") }
    let rows = try await story.pool.all(
      """
      SELECT member_id, role, weight, spread, place, value, target FROM influence_events
      WHERE product_id = \(product.uuid) AND evidence LIKE '%project_%'
      """, as: (Postgres.UUID, String, Int64, Int64?, Int64?, Int64?, Int64?).self)
    let names = Dictionary(uniqueKeysWithValues: members.map { ($0.value.uuid, $0.key) })
    return rows.map { row in
      var event = JSONObject()
      event["member"] = .string(names[row.0] ?? "")
      event["role"] = .string(row.1)
      event["weight"] = .int(row.2)
      let more = [("spread", row.3), ("place", row.4), ("value", row.5), ("target", row.6)]
      for (name, figure) in more { event[name] = figure.map(JSON.int) }
      return .object(event)
    }
  }
}
