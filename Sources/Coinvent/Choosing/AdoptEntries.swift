import JSON
import Postgres

/// Turns a decided project into influence: of those who made what was picked, and of those who
/// chose it.
///
/// An event's id follows from the project, the entry, the member and the role, so that running it
/// again adds nothing. Shares that are locked already stay as they are: the events count for the
/// next version.
public enum AdoptEntries {
  /// - Precondition: the caller holds the product's row (`AddEvents.hold`).
  /// - Returns: how many events are new.
  @discardableResult
  static func run(project: Project, by curator: MemberID?, in tx: Transaction) async throws -> Int {
    guard project.state == .decided else { return 0 }
    let rules = try ChoosingRules(of: project)
    var claims: [Claim] = []
    switch rules.way {
    case .votes: claims = try await made(project, tx) + voted(project, tx)
    case .duels: claims = try await made(project, tx) + favoured(project, tx)
    case .ratings(let rules): claims = try await made(project, tx) + rated(project, rules, tx)
    case .jury, .curator: claims = try await made(project, tx)
    case .survey(let rules): claims = try await answered(project, rules, tx)
    case .guesses: claims = try await guessed(project, tx)
    }
    let events = claims.map { event(of: $0, in: project) }
    let known: [UUID] = try await tx.all(
      """
      SELECT id FROM influence_events
      WHERE product_id = \(project.product.uuid) AND id = ANY(\(events.map(\.event.id))::uuid[])
      """, as: UUID.self)
    let old = Set(known)
    let new = events.filter { !old.contains($0.event.id) }
    try await AddEvents.run(new, to: project.product, by: curator, in: tx)
    return new.count
  }

  /// What one member has done for one entry, or for the project.
  private struct Claim {
    var member: UUID
    var role: ContributionRole
    var entry: UUID?
    var weight: Int64 = 1
    var spread: Int64?
    var place: Int64?
    var guess: InfluenceEvent.Guess?
    var at: Timestamp
  }

  private static func event(of claim: Claim, in project: Project) -> AddEvents.Proven {
    let title = "\(project.id) (\(project.title))"
    let entry = claim.entry.map { "\(EntryID(uuid: $0))" }
    let evidence =
      switch claim.role {
      case .entry: "made \(entry ?? "an entry"), picked in \(title)"
      case .vote: "chose \(entry ?? "an entry"), picked in \(title)"
      case .any: claim.guess == nil ? "answered \(title)" : "guessed in \(title)"
      }
    let parts = [project.id.uuid, claim.entry ?? .zero, claim.member].map(\.description)
    return (
      InfluenceEvent(
        id: id(of: parts + [claim.role.rawValue]), member: MemberID(uuid: claim.member),
        slice: project.slice, role: claim.role, weight: claim.weight, spread: claim.spread,
        place: claim.place, guess: claim.guess, occurredAt: claim.at), evidence
    )
  }

  /// A version 8 UUID (RFC 9562) of a hash.
  private static func id(of parts: [String]) -> UUID {
    let hash = Digest.sha256(Array(parts.joined(separator: " ").utf8))
    let words = [0, 8].map { start in
      hash[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    return UUID(
      high: words[0] & 0xFFFF_FFFF_FFFF_0FFF | 0x8000,
      low: words[1] & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  /// Each maker of a pick, by the pick's weight and the part of the team.
  private static func made(_ project: Project, _ tx: Transaction) async throws -> [Claim] {
    let rows = try await tx.all(
      """
      SELECT m.member_id, p.entry_id, p.weight * m.ppm, e.entered_at
      FROM project_picks p
      JOIN project_entries e ON e.product_id = p.product_id AND e.id = p.entry_id
      JOIN entry_makers m ON m.product_id = p.product_id AND m.entry_id = p.entry_id
      WHERE p.product_id = \(project.product.uuid) AND p.project_id = \(project.id.uuid)
      """, as: (UUID, UUID, Int64, Timestamp).self)
    return rows.map { Claim(member: $0, role: .entry, entry: $1, weight: $2, at: $3) }
  }

  /// Each vote for a pick; spread over the entries that the member has votes on.
  private static func voted(_ project: Project, _ tx: Transaction) async throws -> [Claim] {
    let rows = try await tx.all(
      """
      WITH standing AS (
        SELECT v.member_id, v.entry_id, v.place, v.cast_at,
          count(*) OVER (PARTITION BY v.member_id) AS spread
        FROM project_votes v
        JOIN project_entries e ON e.product_id = v.product_id AND e.id = v.entry_id
        WHERE v.product_id = \(project.product.uuid) AND v.project_id = \(project.id.uuid)
          AND e.state = 'entered')
      SELECT s.member_id, s.entry_id, p.weight, s.spread, s.place, s.cast_at
      FROM project_picks p JOIN standing s USING (entry_id)
      WHERE p.product_id = \(project.product.uuid) AND p.project_id = \(project.id.uuid)
      """, as: (UUID, UUID, Int64, Int64, Int64, Timestamp).self)
    return rows.map {
      Claim(member: $0, role: .vote, entry: $1, weight: $2, spread: $3, place: $4, at: $5)
    }
  }

  /// Each member who has ever preferred a pick; spread over the entries that the member preferred.
  private static func favoured(_ project: Project, _ tx: Transaction) async throws -> [Claim] {
    let rows = try await tx.all(
      """
      WITH first AS (
        SELECT d.member_id, d.winner_id AS entry_id, min(d.judged_at) AS at
        FROM duels d
        JOIN project_entries e ON e.product_id = d.product_id AND e.id = d.winner_id
        WHERE d.product_id = \(project.product.uuid) AND d.project_id = \(project.id.uuid)
          AND e.state = 'entered'
        GROUP BY d.member_id, d.winner_id
      ), favours AS (
        SELECT member_id, entry_id, at, count(*) OVER (PARTITION BY member_id) AS spread,
          row_number() OVER (PARTITION BY entry_id ORDER BY at, member_id) AS place
        FROM first)
      SELECT f.member_id, f.entry_id, p.weight, f.spread, f.place, f.at
      FROM project_picks p JOIN favours f USING (entry_id)
      WHERE p.product_id = \(project.product.uuid) AND p.project_id = \(project.id.uuid)
      """, as: (UUID, UUID, Int64, Int64, Int64, Timestamp).self)
    return rows.map {
      Claim(member: $0, role: .vote, entry: $1, weight: $2, spread: $3, place: $4, at: $5)
    }
  }

  /// Each member who has rated the pick on all criteria, and enough of the round besides.
  private static func rated(_ project: Project, _ rules: RatingRules, _ tx: Transaction)
    async throws -> [Claim]
  {
    let (product, id) = (project.product.uuid, project.id.uuid)
    let rows = try await tx.all(
      """
      WITH entered AS (
        SELECT id FROM project_entries
        WHERE product_id = \(product) AND project_id = \(id) AND state = 'entered'
      ), raters AS (
        SELECT r.member_id, count(*) AS complete, (SELECT count(*) FROM entered) - (
          SELECT count(*) FROM entry_makers m JOIN entered n ON n.id = m.entry_id
          WHERE m.product_id = \(product) AND m.member_id = r.member_id) AS entries
        FROM entry_ratings r JOIN entered n ON n.id = r.entry_id
        WHERE r.product_id = \(product) AND r.project_id = \(id) AND 0 <> ALL (r.stars)
        GROUP BY r.member_id)
      SELECT r.member_id, r.entry_id, p.weight, r.rated_at, t.complete, t.entries
      FROM project_picks p
      JOIN entry_ratings r ON r.product_id = p.product_id AND r.project_id = p.project_id
        AND r.entry_id = p.entry_id AND 0 <> ALL (r.stars)
      JOIN raters t ON t.member_id = r.member_id
      WHERE p.product_id = \(product) AND p.project_id = \(id)
      """, as: (UUID, UUID, Int64, Timestamp, Int64, Int64).self)
    return rows.compactMap { member, entry, weight, at, complete, entries in
      let progress = RateEntry.Progress(
        complete: complete, entries: entries, ratedPartPPM: rules.ratedPartPPM)
      guard progress.isEnough else { return nil }
      return Claim(
        member: member, role: .vote, entry: entry, weight: weight, spread: 1, place: nil, at: at)
    }
  }

  /// Each member whose answer was complete when the project closed.
  private static func answered(_ project: Project, _ rules: SurveyRules, _ tx: Transaction)
    async throws -> [Claim]
  {
    let rows = try await tx.all(
      """
      SELECT e.author_id, e.id, e.entered_at FROM sealed_tallies s
      JOIN project_entries e ON e.product_id = s.product_id AND e.id = s.entry_id
      WHERE s.product_id = \(project.product.uuid) AND s.project_id = \(project.id.uuid)
        AND e.state = 'entered'
        AND EXISTS (SELECT FROM project_decisions d WHERE d.product_id = s.product_id
                    AND d.project_id = s.project_id AND d.adopted)
      ORDER BY s.rank
      """, as: (UUID, UUID, Timestamp).self)
    return rows.map { Claim(member: $0, role: .any, entry: $1, at: $2) }
  }

  /// Each guess that stood, beside what the price became.
  private static func guessed(_ project: Project, _ tx: Transaction) async throws -> [Claim] {
    let rows = try await tx.all(
      """
      SELECT g.member_id, g.guess, d.final_price, g.guessed_at
      FROM price_guesses g
      JOIN project_decisions d ON d.product_id = g.product_id AND d.project_id = g.project_id
      WHERE g.product_id = \(project.product.uuid) AND g.project_id = \(project.id.uuid)
        AND d.final_price IS NOT NULL
      """, as: (UUID, Int64, Int64, Timestamp).self)
    return rows.map { member, guess, price, at in
      Claim(
        member: member, role: .any, entry: nil,
        guess: InfluenceEvent.Guess(value: guess, target: price), at: at)
    }
  }
}
