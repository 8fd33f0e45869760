import Postgres

/// Submits an idea; it is open for votes at once.
public enum SubmitIdea {
  /// - Throws: `Invalid` for a draft with faults.
  public static func run(
    _ draft: IdeaDraft, by author: MemberID, id: IdeaID = .new(), at now: Timestamp = .now,
    in db: some Queryable
  ) async throws -> Idea {
    try Invalid.refuse(draft.faults)
    try await db.execute(
      """
      INSERT INTO ideas (id, author_id, title, pitch, problem, solution, category, state,
                         opened_at, created_at)
      VALUES (\(id.uuid), \(author.uuid), \(draft.title), \(draft.pitch), \(draft.problem),
              \(draft.solution), \(draft.category), 'open', \(now), \(now))
      """)
    return try await db.one(
      "SELECT \(Idea.columns) FROM \(Idea.source) WHERE ideas.id = \(id.uuid)", of: Idea.self)
  }
}
