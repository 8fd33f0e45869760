import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

/// A product, a curator who made none of the entries, and a project with entries m0, m1 … made.
struct RoundScene {
  let story: Story
  let pool: Pool
  let curator: MemberID
  let product: ProductID
  let project: ProjectID
  let crowd: [MemberID]
  let entries: [EntryID]

  init(
    _ pool: Pool, _ choosing: Choosing, _ rules: JSON = [:], slice: Slice = .naming,
    hidesTallies: Bool = false, members: Int, entries count: Int
  ) async throws {
    self.pool = pool
    story = Story(pool)
    curator = try await story.member("curator", role: .curator)
    product = try await story.product(by: story.member("inventor"), curator: curator)
    project = try await story.round(
      product, choosing, rules, slice: slice, hidesTallies: hidesTallies, by: curator)
    crowd = try await story.crowd(members)
    entries = try await story.enter(
      Array(crowd.prefix(count)), in: project, of: product)
  }

  func vote(
    _ member: Int, _ entry: Int, _ wished: Bool = true, at now: Timestamp = Story.Round.chooses
  ) async throws -> CastEntryVote.Outcome {
    try await story.vote(
      crowd[member], entry: entries[entry], wished, in: project, of: product, at: now)
  }

  /// The leaders by their places in `entries`, when there are some to tell.
  func leaders(isCurator: Bool = false, at now: Timestamp = Story.Round.after) async throws
    -> [Int]
  {
    let outcome = try await story.leaders(project, of: product, isCurator: isCurator, at: now)
    guard case .leaders(let found) = outcome else { throw Surprise("\(outcome)") }
    return found.leaders.compactMap { entries.firstIndex(of: $0.entry) }
  }

  func decide(_ picks: [(entry: Int, weight: Int64)], override: String? = nil) async throws
    -> DecideProject.Outcome
  {
    try await story.decide(
      project, of: product,
      DecideProject.Wish(
        picks: picks.map { .init(entry: entries[$0.entry], weight: $0.weight) },
        reason: "It sings best.", overrideReason: override), by: curator)
  }

  /// What the project has earned: member's place in the crowd, role, weight, spread, place.
  func events() async throws -> [String] {
    let rows = try await pool.all(
      """
      SELECT member_id, role, weight, coalesce(spread, 0), coalesce(place, 0)
      FROM influence_events WHERE product_id = \(product.uuid) AND evidence LIKE '%project_%'
      ORDER BY role, evidence
      """, as: (UUID, String, Int64, Int64, Int64).self)
    return rows.map { member, role, weight, spread, place in
      let place2 = crowd.firstIndex { $0.uuid == member } ?? -1
      return "\(place2) \(role) \(weight) \(spread) \(place)"
    }.sorted()
  }
}
