import Postgres

/// Fixes what was chosen when a project closes: from then on who leads is a fact.
public enum SealChoices {
  public enum Outcome: Sendable {
    case sealed
    case alreadySealed
    /// Members may still choose, or the project never opened.
    case notClosed
    case unknown
  }

  /// It may run twice, and at any time after the closing: by the worker, or by whoever asks for the
  /// leaders first.
  public static func run(
    project id: ProjectID, of product: ProductID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    guard let project = try await Project.find(id, of: product, in: tx) else { return .unknown }
    return try await run(project: project, at: now, in: tx)
  }

  /// A project that is over and still open is closed by it.
  public static func run(project: Project, at now: Timestamp = .now, in tx: Transaction)
    async throws -> Outcome
  {
    guard isOver(project, at: now) else { return .notClosed }
    if try await ChoosingGate.isSealed(project, in: tx) { return .alreadySealed }
    if project.state == .open {
      let isClosed = try await CloseProjects.close(project.id, of: project.product, at: now, in: tx)
      if isClosed { return .sealed }
    }
    try await ChoosingGate.close(project.id, in: tx)
    if try await ChoosingGate.isSealed(project, in: tx) { return .alreadySealed }
    let tallies = try await EntryTally.all(of: project, isFinal: true, in: tx)
    let (product, id) = (project.product.uuid, project.id.uuid)
    try await tx.execute(
      """
      INSERT INTO sealed_tallies (product_id, project_id, entry_id, rank, score, count)
      SELECT \(product), \(id), entry_id, rank, score, count
      FROM unnest(\(tallies.map(\.entry.uuid))::uuid[], \(tallies.map(\.rank))::bigint[],
                  \(tallies.map(\.score))::bigint[], \(tallies.map(\.count))::bigint[])
        AS t (entry_id, rank, score, count)
      """)
    try await tx.execute(
      """
      INSERT INTO project_seals (product_id, project_id, entries, choosers, sealed_at)
      VALUES (\(product), \(id), (
        SELECT count(*) FROM project_entries
        WHERE product_id = \(product) AND project_id = \(id) AND state = 'entered'
      ), \(try await choosers(of: project, in: tx)), \(now))
      """)
    return .sealed
  }

  /// The project is past its end, whether or not somebody has noted it.
  static func isOver(_ project: Project, at now: Timestamp) -> Bool {
    switch project.state {
    case .draft, .cancelled: false
    case .open: project.closesAt <= now
    case .closed, .decided: true
    }
  }

  private static func choosers(of project: Project, in tx: Transaction) async throws -> Int64 {
    let source: Query? =
      switch project.choosing {
      case .votes: "project_votes"
      case .duels: "duels"
      case .ratings: "entry_ratings"
      case .jury: "jury_scores"
      case .guesses: "price_guesses"
      case .survey, .curator: nil
      }
    guard let source else { return 0 }
    return try await tx.one(
      """
      SELECT count(DISTINCT member_id) FROM \(source)
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
      """, as: Int64.self)
  }
}
