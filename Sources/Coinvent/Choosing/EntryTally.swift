import Postgres

/// What choices come to for one entry.
public struct EntryTally: Sendable, Equatable {
  public let entry: EntryID
  /// 1 leads.
  public let rank: Int64
  /// Votes; a rating or strength in thousandths or millionths; a mean in thousandths.
  public let score: Int64
  /// How many votes, duels, ratings or scores it rests on.
  public let count: Int64

  /// Unranked: an entry by its number in the project.
  struct Line: Sendable {
    let entry: UUID
    let number: Int64
    let score: Int64
    let count: Int64
  }

  /// The higher score first; of equal ones the entry that came earlier.
  static func ranked(_ lines: [Line]) -> [EntryTally] {
    let sorted = lines.sorted { ($1.score, $0.number) < ($0.score, $1.number) }
    return sorted.enumerated().map { place, line in
      EntryTally(
        entry: EntryID(uuid: line.entry), rank: Int64(place + 1), score: line.score,
        count: line.count)
    }
  }

  /// Of all entries that take part, as of now.
  /// - Parameter isFinal: at the seal; before it, where exact figures would take long, the running
  ///   ones stand for them.
  static func all(of project: Project, isFinal: Bool, in db: some Queryable) async throws
    -> [EntryTally]
  {
    let rules = try ChoosingRules(of: project)
    let lines: [Line] =
      switch rules.way {
      case .votes: try await votes(project, db)
      case .duels(let rules): try await duels(project, rules, isFinal: isFinal, db)
      case .ratings: try await ratings(project, db)
      case .jury(let rules): try await scores(project, rules, db)
      case .survey(let rules): try await answers(project, rules, db)
      case .guesses: []
      case .curator: try await entries(project, db)
      }
    return ranked(lines)
  }

  private static func lines(_ query: Query, _ db: some Queryable) async throws -> [Line] {
    try await db.all(query, as: (UUID, Int32, Int64, Int64).self)
      .map { Line(entry: $0, number: Int64($1), score: $2, count: $3) }
  }

  /// The entries of a project that take part, to be joined as `e`.
  private static func entered(_ project: Project) -> Query {
    """
    e.product_id = \(project.product.uuid) AND e.project_id = \(project.id.uuid)
    AND e.state = 'entered'
    """
  }

  private static func entries(_ project: Project, _ db: some Queryable) async throws -> [Line] {
    try await lines(
      "SELECT id, number, 0::bigint, 0::bigint FROM project_entries e WHERE \(entered(project))",
      db)
  }

  private static func votes(_ project: Project, _ db: some Queryable) async throws -> [Line] {
    try await lines(
      """
      SELECT e.id, e.number, coalesce(t.votes, 0), coalesce(t.votes, 0)
      FROM project_entries e
      LEFT JOIN entry_tallies t ON t.product_id = e.product_id AND t.entry_id = e.id
      WHERE \(entered(project))
      """, db)
  }

  /// The mean over all criteria in thousandths of a star, as if three raters more had given three
  /// stars on each: a single five does not lead.
  private static func ratings(_ project: Project, _ db: some Queryable) async throws -> [Line] {
    guard case .ratings(let rules) = try ChoosingRules(of: project).way else { return [] }
    let criteria = Int64(rules.criteria.count)
    return try await lines(
      """
      SELECT e.id, e.number,
        (1000 * (coalesce(sum(s.stars), 0) + 9 * \(criteria))
          / (count(s.stars) + 3 * \(criteria)))::bigint,
        count(DISTINCT r.member_id)
      FROM project_entries e
      LEFT JOIN entry_ratings r ON r.product_id = e.product_id AND r.entry_id = e.id
      LEFT JOIN LATERAL unnest(r.stars) AS s (stars) ON s.stars > 0
      WHERE \(entered(project)) GROUP BY e.id, e.number
      """, db)
  }

  /// The mean in thousandths of a point; what no juror has scored comes last.
  private static func scores(_ project: Project, _ rules: JuryRules, _ db: some Queryable)
    async throws -> [Line]
  {
    try await lines(
      """
      SELECT e.id, e.number, coalesce(1000 * sum(s.score) / nullif(count(s.score), 0), -1)::bigint,
        count(s.score)
      FROM project_entries e
      LEFT JOIN jury_scores s ON s.product_id = e.product_id AND s.entry_id = e.id
        AND s.member_id = ANY(\(rules.jurors.map(\.uuid)))
      WHERE \(entered(project)) GROUP BY e.id, e.number
      """, db)
  }

  private static func answers(_ project: Project, _ rules: SurveyRules, _ db: some Queryable)
    async throws -> [Line]
  {
    try await SurveyAnswers.complete(in: project, by: rules, db).map {
      Line(entry: $0.id.uuid, number: $0.number, score: 1, count: 1)
    }
  }

  /// So many duels are weighed for a board that is read while the project is open.
  private static let liveDuels = 5000

  private static func duels(
    _ project: Project, _ rules: DuelRules, isFinal: Bool, _ db: some Queryable
  ) async throws -> [Line] {
    let running = try await lines(
      """
      SELECT e.id, e.number, s.rating, s.duels::bigint
      FROM project_entries e
      JOIN duel_standings s ON s.product_id = e.product_id AND s.entry_id = e.id
      WHERE \(entered(project)) ORDER BY e.number
      """, db)
    guard rules.model == .bradleyTerry else { return running }
    let total = running.reduce(0) { $0 + $1.count } / 2
    guard isFinal || total <= liveDuels else { return running }
    let places = Dictionary(uniqueKeysWithValues: running.enumerated().map { ($1.entry, $0) })
    let won = try await db.all(
      """
      SELECT low_id, high_id, winner_id FROM duels
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND winner_id IS NOT NULL
      """, as: (UUID, UUID, UUID).self)
    // What was withdrawn since says nothing about the others.
    let duels = won.compactMap { low, high, winner -> BradleyTerry.Duel? in
      guard let first = places[winner], let second = places[winner == low ? high : low]
      else { return nil }
      return BradleyTerry.Duel(winner: first, loser: second)
    }
    let strengths = BradleyTerry.strengths(
      of: running.count, after: duels, steps: isFinal ? 100 : 20)
    return zip(running, strengths).map {
      Line(entry: $0.entry, number: $0.number, score: $1, count: $0.count)
    }
  }
}
