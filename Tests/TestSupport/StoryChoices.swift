import Coinvent
import JSON
import Postgres

extension Story {
  /// The days of a round: entries until the second, choosing from the third, closed on the fifth.
  public enum Round {
    public static let opens = Timestamp(microseconds: 1_770_000_000_000_000)
    public static let chooses = opens + .seconds(2 * 86_400)
    public static let closes = opens + .seconds(4 * 86_400)
    public static let after = closes + .seconds(60)
  }

  /// A project of a product that is open, made without the project's own actions.
  public func round(
    _ product: ProductID, _ choosing: Choosing, _ rules: JSON = [:], slice: Slice = .naming,
    hidesTallies: Bool = false, by curator: MemberID
  ) async throws -> ProjectID {
    let id = ProjectID.new(at: Round.opens)
    let read = try ChoosingRules(json: rules, choosing: choosing)
    try await pool.execute(
      """
      INSERT INTO projects (
        product_id, id, slice, title, brief, form, choosing, rules, state, entries_per_member,
        hides_tallies, opens_at, entries_until, choosing_from, closes_at, made_by, made_at)
      VALUES (
        \(product.uuid), \(id.uuid), \(slice.rawValue), 'Name the kettle', 'It sings.',
        '{"fields":[]}', \(choosing.rawValue), \(read.json.text()), 'open', 1000,
        \(hidesTallies), \(Round.opens), \(Round.opens + .seconds(86_400)), \(Round.chooses),
        \(Round.closes), \(curator.uuid), \(Round.opens))
      """)
    return id
  }

  /// Entries that take part, each of one member, numbered as they stand.
  public func enter(
    _ authors: [MemberID], in project: ProjectID, of product: ProductID, answers: JSON = [:]
  ) async throws -> [EntryID] {
    let first = try await pool.one(
      "SELECT count(*) FROM project_entries WHERE project_id = \(project.uuid)", as: Int64.self)
    let entries = authors.indices.map { EntryID.new(at: Round.opens + .seconds(Int64($0 + 1))) }
    try await pool.transaction { tx in
      try await tx.execute(
        """
        INSERT INTO project_entries
          (product_id, project_id, id, number, author_id, answers, state, entered_at)
        SELECT \(product.uuid), \(project.uuid), id, \(first) + place, author, \(answers.text()),
          'entered', \(Round.opens) + place * interval '1 second'
        FROM unnest(\(entries.map(\.uuid)), \(authors.map(\.uuid)))
          WITH ORDINALITY AS e (id, author, place)
        """)
      try await tx.execute(
        """
        INSERT INTO entry_makers (product_id, entry_id, member_id, ppm, accepted_at)
        SELECT \(product.uuid), id, author, 1000000, \(Round.opens)
        FROM unnest(\(entries.map(\.uuid)), \(authors.map(\.uuid))) AS e (id, author)
        """)
    }
    return entries
  }

  /// An entry of a team that has agreed on its split.
  public func enter(
    team: [(member: MemberID, ppm: Int64)], in project: ProjectID, of product: ProductID
  ) async throws -> EntryID {
    let id = EntryID.new(at: Round.opens)
    try await pool.transaction { tx in
      try await tx.execute(
        """
        INSERT INTO project_entries
          (product_id, project_id, id, number, author_id, answers, state, entered_at)
        SELECT \(product.uuid), \(project.uuid), \(id.uuid), count(*) + 1,
          \(team[0].member.uuid), '{}', 'entered', \(Round.opens)
        FROM project_entries WHERE project_id = \(project.uuid)
        """)
      try await tx.execute(
        """
        INSERT INTO entry_makers (product_id, entry_id, member_id, ppm, accepted_at)
        SELECT \(product.uuid), \(id.uuid), member, ppm, \(Round.opens)
        FROM unnest(\(team.map(\.member.uuid)), \(team.map(\.ppm))) AS m (member, ppm)
        """)
    }
    return id
  }

  public func withdraw(entry: EntryID) async throws {
    try await pool.execute(
      "UPDATE project_entries SET state = 'withdrawn' WHERE id = \(entry.uuid)")
  }

  @discardableResult
  public func vote(
    _ member: MemberID, entry: EntryID, _ wished: Bool = true, in project: ProjectID,
    of product: ProductID, at now: Timestamp = Round.chooses
  ) async throws -> CastEntryVote.Outcome {
    try await pool.transaction { tx in
      try await CastEntryVote.run(
        wished, for: entry, by: member, in: project, of: product, at: now, tx: tx)
    }
  }

  public func nextDuel(
    _ member: MemberID, in project: ProjectID, of product: ProductID,
    at now: Timestamp = Round.chooses
  ) async throws -> NextDuel.Outcome {
    try await pool.transaction { tx in
      try await NextDuel.run(for: member, in: project, of: product, at: now, tx: tx)
    }
  }

  public func judge(
    _ pair: DuelPair, _ winner: EntryID?, by member: MemberID, in project: ProjectID,
    of product: ProductID, at now: Timestamp = Round.chooses
  ) async throws -> JudgeDuel.Outcome {
    try await pool.transaction { tx in
      try await JudgeDuel.run(
        pair, winner: winner, by: member, in: project, of: product, at: now, tx: tx)
    }
  }

  @discardableResult
  public func rate(
    _ member: MemberID, entry: EntryID, _ stars: [(criterion: String, stars: Int64)],
    in project: ProjectID, of product: ProductID, at now: Timestamp = Round.chooses
  ) async throws -> RateEntry.Outcome {
    try await pool.transaction { tx in
      try await RateEntry.run(
        stars, of: entry, by: member, in: project, of: product, at: now, tx: tx)
    }
  }

  @discardableResult
  public func score(
    _ member: MemberID, entry: EntryID, _ score: Int64, in project: ProjectID,
    of product: ProductID, at now: Timestamp = Round.chooses
  ) async throws -> ScoreEntry.Outcome {
    try await pool.transaction { tx in
      try await ScoreEntry.run(
        score, comment: "Well.", of: entry, by: member, in: project, of: product, at: now, tx: tx)
    }
  }

  @discardableResult
  public func guess(
    _ member: MemberID, _ nanos: Int64?, in project: ProjectID, of product: ProductID,
    at now: Timestamp = Round.chooses
  ) async throws -> GuessPrice.Outcome {
    try await pool.transaction { tx in
      try await GuessPrice.run(nanos, by: member, in: project, of: product, at: now, tx: tx)
    }
  }

  @discardableResult
  public func seal(_ project: ProjectID, of product: ProductID, at now: Timestamp = Round.after)
    async throws -> SealChoices.Outcome
  {
    try await pool.transaction { tx in
      try await SealChoices.run(project: project, of: product, at: now, in: tx)
    }
  }

  public func leaders(
    _ project: ProjectID, of product: ProductID, isCurator: Bool = false,
    at now: Timestamp = Round.after
  ) async throws -> Leaders.Outcome {
    try await pool.transaction { tx in
      try await Leaders.run(of: project, of: product, isCurator: isCurator, at: now, in: tx)
    }
  }

  @discardableResult
  public func decide(
    _ project: ProjectID, of product: ProductID, _ wish: DecideProject.Wish, by curator: MemberID,
    at now: Timestamp = Round.after
  ) async throws -> DecideProject.Outcome {
    try await pool.transaction { tx in
      try await DecideProject.run(
        wish, project: project, of: product, by: curator, at: now, in: tx)
    }
  }
}
