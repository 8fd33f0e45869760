import Postgres

/// What a member has chosen in a project so far.
public struct OwnChoices: Sendable {
  public struct Choice: Sendable, RowDecodable {
    public let entry: EntryID
    /// Stars by criterion, 0 for none; a juror's score; empty for a vote.
    public let figures: [Int64]
    public let at: Timestamp

    public init(row: inout RowReader) throws {
      entry = EntryID(uuid: try row.next())
      figures = try row.next()
      at = try row.next()
    }
  }

  public let project: Project
  public let rules: ChoosingRules
  /// Votes, duels: how many the member may still choose; nil where there is no limit.
  public let remaining: Int64?
  /// Ratings: how far the member has come.
  public let progress: RateEntry.Progress?
  public let guess: GuessPrice.Guess?
  /// Entries voted for, rated or scored, a page of them in the order of their ids.
  public let choices: [Choice]
  public let next: EntryID?

  /// - Returns: nil for no such project.
  public static func of(
    _ member: MemberID, in id: ProjectID, of product: ProductID, limit: Int,
    after cursor: EntryID? = nil, db: some Queryable
  ) async throws -> OwnChoices? {
    guard let project = try await Project.find(id, of: product, in: db), project.state != .draft
    else { return nil }
    let rules = try ChoosingRules(of: project)
    var remaining: Int64?
    var progress: RateEntry.Progress?
    var figures: (table: Query, figures: Query, at: Query)?
    switch rules.way {
    case .votes(let votes):
      remaining =
        votes.votesPerMember - (try await ChooserLimit.spent(by: member, in: project, db))
      figures = ("project_votes", "'{}'::bigint[]", "cast_at")
    case .duels(let duels):
      remaining =
        duels.duelsPerMember - (try await ChooserLimit.spent(by: member, in: project, db))
    case .ratings(let ratings):
      progress = try await RateEntry.progress(of: member, in: project, by: ratings, db)
      figures = ("entry_ratings", "stars", "rated_at")
    case .jury: figures = ("jury_scores", "ARRAY[score]::bigint[]", "scored_at")
    case .survey, .guesses, .curator: break
    }
    var choices: [Choice] = []
    if let figures {
      choices = try await db.all(
        """
        SELECT entry_id, \(figures.figures), \(figures.at) FROM \(figures.table)
        WHERE product_id = \(product.uuid) AND project_id = \(id.uuid)
          AND member_id = \(member.uuid) AND entry_id > \(cursor?.uuid ?? .zero)
        ORDER BY entry_id LIMIT \(limit + 1)
        """, of: Choice.self)
    }
    let shown = Array(choices.prefix(limit))
    return OwnChoices(
      project: project, rules: rules, remaining: remaining, progress: progress,
      guess: try await GuessPrice.standing(of: member, in: project, db: db), choices: shown,
      next: choices.count > limit ? shown.last?.entry : nil)
  }
}
