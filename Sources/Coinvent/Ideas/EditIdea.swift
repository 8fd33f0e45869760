import Postgres

/// Changes the texts of an idea. What others have read is kept as a version.
public enum EditIdea {
  /// The texts that are to change; nil stays as it is.
  public struct Change: Sendable {
    public var title: String?
    public var pitch: String?
    public var problem: String?
    public var solution: String?
    public var category: String?
    public var features: String?
    public var similarProducts: String?
    public var tags: [String]?
    public var links: [IdeaLink]?

    public init(
      title: String? = nil, pitch: String? = nil, problem: String? = nil, solution: String? = nil,
      category: String? = nil, features: String? = nil, similarProducts: String? = nil,
      tags: [String]? = nil, links: [IdeaLink]? = nil
    ) {
      self.title = title
      self.pitch = pitch
      self.problem = problem
      self.solution = solution
      self.category = category
      self.features = features
      self.similarProducts = similarProducts
      self.tags = tags
      self.links = links
    }
  }

  public enum Outcome: Sendable {
    case edited(Idea)
    case unknown
    /// It belongs to somebody else.
    case notAuthor
    /// It is past the states whose texts may change.
    case frozen(Idea.State)
    /// Somebody has edited it since the version the change was made for.
    case otherVersion(Int64)
  }

  /// - Parameter version: the version the author saw; nil edits whatever is there.
  /// - Throws: `Invalid` when the texts would have faults, `Banned`.
  public static func run(
    _ change: Change, idea id: IdeaID, version: Int64? = nil, by author: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    let held = try await tx.first(
      "SELECT author_id FROM ideas WHERE id = \(id.uuid) FOR NO KEY UPDATE", as: UUID.self)
    guard let held else { return .unknown }
    let idea = try await MoveIdea.find(id, in: tx)
    guard held == author.uuid else { return idea.state == .draft ? .unknown : .notAuthor }
    try await Ban.refuse(author, .ideas, at: now, in: tx)
    guard idea.state.isEditable else { return .frozen(idea.state) }
    if let version, version != idea.version { return .otherVersion(idea.version) }
    let draft = try change.applied(to: IdeaDraft(idea))
    try Invalid.refuse(draft.faults(in: idea.state))
    if idea.state != .draft { try await keep(id, at: now, in: tx) }
    try await tx.execute(
      """
      UPDATE ideas SET title = \(draft.title), pitch = \(draft.pitch), problem = \(draft.problem),
        solution = \(draft.solution), category = \(draft.category),
        features = \(draft.details.storedFeatures),
        similar_products = \(draft.details.storedProducts),
        tags = \(draft.details.storedTags), links = \(draft.details.storedLinks)::jsonb,
        version = version + \(idea.state == .draft ? 0 : 1)
      WHERE id = \(id.uuid)
      """)
    return .edited(try await MoveIdea.find(id, in: tx))
  }

  private static func keep(_ idea: IdeaID, at now: Timestamp, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO idea_versions (idea_id, version, title, pitch, problem, solution, category,
                                 features, similar_products, tags, links, replaced_at)
      SELECT id, version, title, pitch, problem, solution, category,
             features, similar_products, tags, links, \(now)
      FROM ideas WHERE id = \(idea.uuid)
      """)
  }
}

extension EditIdea.Change {
  /// What the texts become.
  func applied(to old: IdeaDraft) -> IdeaDraft {
    IdeaDraft(
      title: title ?? old.title, pitch: pitch ?? old.pitch, problem: problem ?? old.problem,
      solution: solution ?? old.solution, category: category ?? old.category,
      details: IdeaDetails(
        features: features ?? old.details.features,
        similarProducts: similarProducts ?? old.details.similarProducts,
        tags: tags ?? old.details.tags, links: links ?? old.details.links))
  }
}
