import Postgres

/// Who leads in a project.
public struct Leaders: Sendable {
  public enum Outcome: Sendable {
    case leaders(Leaders)
    /// The project hides its tallies until it closes.
    case hidden(until: Timestamp)
    /// Answers and guesses have no leaders to watch while they come in.
    case notClosed
    case unknown
  }

  public let project: Project
  public let rules: ChoosingRules
  /// The figures are final.
  public let isSealed: Bool
  /// As many as the rules let lead; of surveys and guesses none.
  public let leaders: [EntryTally]
  /// Once sealed: entries that took part, and members who chose.
  public let entries: Int64?
  public let choosers: Int64?

  /// Of a project that is over but not sealed yet, it is sealed first.
  public static func run(
    of id: ProjectID, of product: ProductID, isCurator: Bool, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    guard let project = try await Project.find(id, of: product, in: tx),
      project.state != .draft || isCurator
    else { return .unknown }
    let rules = try ChoosingRules(of: project)
    switch try await SealChoices.run(project: project, at: now, in: tx) {
    case .sealed, .alreadySealed: return .leaders(try await sealed(project, rules, in: tx))
    case .unknown: return .unknown
    case .notClosed: break
    }
    switch project.choosing {
    case .survey, .guesses: return .notClosed
    case .votes, .duels, .ratings, .jury, .curator: break
    }
    if project.hidesTallies && !isCurator { return .hidden(until: project.closesAt) }
    let tallies = try await EntryTally.all(of: project, isFinal: false, in: tx)
    return .leaders(
      Leaders(
        project: project, rules: rules, isSealed: false,
        leaders: Array(tallies.prefix(Int(rules.leaders))), entries: nil, choosers: nil))
  }

  static func sealed(_ project: Project, _ rules: ChoosingRules, in tx: Transaction) async throws
    -> Leaders
  {
    let (product, id) = (project.product.uuid, project.id.uuid)
    let seal = try await tx.one(
      """
      SELECT entries, choosers FROM project_seals
      WHERE product_id = \(product) AND project_id = \(id)
      """, as: (Int64, Int64).self)
    let rows = try await tx.all(
      """
      SELECT entry_id, rank::bigint, score, count FROM sealed_tallies
      WHERE product_id = \(product) AND project_id = \(id) AND rank <= \(limit(rules))
      ORDER BY rank
      """, as: (UUID, Int64, Int64, Int64).self)
    return Leaders(
      project: project, rules: rules, isSealed: true,
      leaders: rows.map {
        EntryTally(entry: EntryID(uuid: $0), rank: $1, score: $2, count: $3)
      }, entries: seal.0, choosers: seal.1)
  }

  /// A curator who chooses alone picks among all.
  private static func limit(_ rules: ChoosingRules) -> Int64 {
    switch rules.way {
    case .votes, .duels, .ratings, .jury: rules.leaders
    case .survey, .guesses: 0
    case .curator: Int64(Int32.max)
    }
  }
}
