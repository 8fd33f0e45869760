import Postgres

/// Two entries for a member to choose between.
public struct DuelPair: Sendable, Equatable {
  public let left: EntryID
  public let right: EntryID

  public init(left: EntryID, right: EntryID) {
    self.left = left
    self.right = right
  }

  var low: EntryID { min(left, right) }
  var high: EntryID { max(left, right) }
}

/// Gives a member the pair to judge next. It stays the same until it is judged or skipped, so that
/// nobody looks for the pairs that suit them.
public enum NextDuel {
  public enum Outcome: Sendable {
    case pair(DuelPair, remaining: Int64)
    /// The member has judged as many as the project allows.
    case noneLeft(of: Int64)
    /// The member has judged every pair there is.
    case exhausted(remaining: Int64)
    case refused(ChoosingGate.Refusal)
  }

  public static func run(
    for member: MemberID, in id: ProjectID, of product: ProductID, at now: Timestamp = .now,
    tx: Transaction
  ) async throws -> Outcome {
    switch try await ChoosingGate.pass(id, of: product, choosing: .duels, at: now, in: tx) {
    case .refused(let refusal): return .refused(refusal)
    case .open(.duels(let rules), let project):
      let limit = rules.duelsPerMember
      let spent = try await ChooserLimit.hold(member, in: project, limit: limit, tx)
      if spent < limit, let standing = try await standing(for: member, in: project, tx) {
        return .pair(standing, remaining: limit - spent)
      }
      return try await offer(to: member, spent: spent, of: limit, in: project, at: now, tx)
    case .open: preconditionFailure("the gate has looked at the way of choosing")
    }
  }

  /// Another pair than before.
  /// - Precondition: the member's row of the limit is held.
  static func offer(
    to member: MemberID, spent: Int64, of limit: Int64, in project: Project, at now: Timestamp,
    _ tx: Transaction
  ) async throws -> Outcome {
    guard spent < limit else { return .noneLeft(of: limit) }
    var random = SystemRandomNumberGenerator()
    guard let pair = try await choose(for: member, in: project, &random, tx) else {
      return .exhausted(remaining: limit - spent)
    }
    try await tx.execute(
      """
      INSERT INTO duel_offers (product_id, project_id, member_id, left_id, right_id, offered_at)
      VALUES (\(project.product.uuid), \(project.id.uuid), \(member.uuid), \(pair.left.uuid),
              \(pair.right.uuid), \(now))
      ON CONFLICT (product_id, project_id, member_id) DO UPDATE SET
        left_id = excluded.left_id, right_id = excluded.right_id, offered_at = excluded.offered_at
      """)
    return .pair(pair, remaining: limit - spent)
  }

  /// The pair offered last, if both still take part and it is not judged yet.
  static func standing(for member: MemberID, in project: Project, _ tx: Transaction) async throws
    -> DuelPair?
  {
    let found = try await tx.first(
      """
      SELECT left_id, right_id FROM duel_offers o
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND member_id = \(member.uuid)
        AND NOT EXISTS (
          SELECT FROM duels d
          WHERE d.product_id = o.product_id AND d.project_id = o.project_id
            AND d.member_id = o.member_id AND d.low_id = least(left_id, right_id)
            AND d.high_id = greatest(left_id, right_id))
        AND 2 = (SELECT count(*) FROM duel_standings s
                 WHERE s.product_id = o.product_id AND s.entry_id IN (left_id, right_id)
                   AND s.takes_part)
      """, as: (UUID, UUID).self)
    return found.map { DuelPair(left: EntryID(uuid: $0), right: EntryID(uuid: $1)) }
  }

  private struct Candidate {
    let entry: EntryID
    let duels: Int64
    let rating: Int64
  }

  /// So many of the least compared entries are looked at. A member who judges a thousand pairs has
  /// not seen all pairs of these; of fewer entries, these are all.
  private static let window = 64

  /// When all were compared as often as this, every fourth pair is about who leads.
  private static let enough: Int64 = 4

  /// One of the entries that were compared least, or that are rated highest, against one that is
  /// compared as little or is near in rating. The first is drawn among several, so that many who
  /// choose at once do not meet on the same row.
  private static func choose(
    for member: MemberID, in project: Project, _ random: inout some RandomNumberGenerator,
    _ tx: Transaction
  ) async throws -> DuelPair? {
    let least = try await candidates(for: member, in: project, by: "duels, entry_id", tx)
    if (least.first?.duels ?? 0) >= enough, Int.random(in: 0..<4, using: &random) == 0 {
      let best = try await candidates(
        for: member, in: project, by: "rating DESC, entry_id DESC", tx)
      let pair = try await draw(
        best.shuffled(using: &random), for: member, in: project, &random, tx)
      if let pair { return pair }
    }
    return try await draw(
      shuffledFront(least, &random), for: member, in: project, &random, tx)
  }

  /// The first of these that has an opponent.
  private static func draw(
    _ window: [Candidate], for member: MemberID, in project: Project,
    _ random: inout some RandomNumberGenerator, _ tx: Transaction
  ) async throws -> DuelPair? {
    for first in window {
      let others = try await opponents(of: first, among: window, for: member, in: project, tx)
      if let other = opponent(of: first, among: others, &random) {
        return Bool.random(using: &random)
          ? DuelPair(left: first.entry, right: other.entry)
          : DuelPair(left: other.entry, right: first.entry)
      }
    }
    return nil
  }

  /// The least compared come first; a quarter of the window is shuffled.
  private static func shuffledFront(
    _ window: [Candidate], _ random: inout some RandomNumberGenerator
  ) -> [Candidate] {
    let front = window.count / 4 + 1
    return window.prefix(front).shuffled(using: &random) + window.dropFirst(front)
  }

  /// While little is known of the first, one of those compared least; later the nearest in rating.
  private static func opponent(
    of first: Candidate, among others: [Candidate], _ random: inout some RandomNumberGenerator
  ) -> Candidate? {
    if first.duels < enough, let least = others.map(\.duels).min() {
      return others.filter { $0.duels == least }.randomElement(using: &random)
    }
    let nearest = others.sorted {
      (($0.rating - first.rating).magnitude, $0.entry)
        < (($1.rating - first.rating).magnitude, $1.entry)
    }
    return nearest.prefix(4).randomElement(using: &random)
  }

  /// The first of a window in this order, without the member's own.
  private static func candidates(
    for member: MemberID, in project: Project, by order: Query, _ tx: Transaction
  ) async throws -> [Candidate] {
    let rows = try await tx.all(
      """
      SELECT entry_id, duels, rating FROM duel_standings
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid) AND takes_part
        AND entry_id <> ALL (\(member.ownEntries(of: project.product)))
      ORDER BY \(order) LIMIT \(window)
      """, as: (UUID, Int32, Int64).self)
    return rows.map { Candidate(entry: EntryID(uuid: $0), duels: Int64($1), rating: $2) }
  }

  /// The window and the eight next in rating on both sides, without the member's own entries and
  /// those that the member has compared with `first` already.
  private static func opponents(
    of first: Candidate, among window: [Candidate], for member: MemberID, in project: Project,
    _ tx: Transaction
  ) async throws -> [Candidate] {
    let (product, id) = (project.product.uuid, project.id.uuid)
    let rows = try await tx.all(
      """
      WITH near AS (
        (SELECT entry_id, duels::bigint, rating FROM duel_standings
         WHERE product_id = \(product) AND project_id = \(id) AND takes_part
           AND (rating, entry_id) > (\(first.rating), \(first.entry.uuid))
         ORDER BY rating, entry_id LIMIT 8)
        UNION ALL
        (SELECT entry_id, duels::bigint, rating FROM duel_standings
         WHERE product_id = \(product) AND project_id = \(id) AND takes_part
           AND (rating, entry_id) < (\(first.rating), \(first.entry.uuid))
         ORDER BY rating DESC, entry_id DESC LIMIT 8)
        UNION
        SELECT * FROM unnest(\(window.map(\.entry.uuid)), \(window.map(\.duels)),
                             \(window.map(\.rating))))
      SELECT entry_id, duels, rating FROM near
      WHERE entry_id <> \(first.entry.uuid)
        AND entry_id <> ALL (\(member.ownEntries(of: project.product)))
        AND entry_id <> ALL (ARRAY(
          SELECT CASE WHEN low_id = \(first.entry.uuid) THEN high_id ELSE low_id END FROM duels
          WHERE product_id = \(product) AND project_id = \(id) AND member_id = \(member.uuid)
            AND \(first.entry.uuid) IN (low_id, high_id)))
      """, as: (UUID, Int64, Int64).self)
    return rows.map { Candidate(entry: EntryID(uuid: $0), duels: $1, rating: $2) }
  }
}
