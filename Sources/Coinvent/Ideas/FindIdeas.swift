import Postgres

/// Reads ideas by their ids, many at a time.
public enum FindIdeas {
  /// One answer per id, in their order; nil for an unknown one.
  public static func run(_ ids: [IdeaID], in db: some Queryable) async throws -> [Idea?] {
    let ideas = try await db.all(
      "SELECT \(Idea.columns) FROM \(Idea.source) WHERE ideas.id = ANY(\(ids.map(\.uuid)))",
      of: Idea.self)
    if ids.count == 1 { return [ideas.first] }
    var known = [UUID: Idea](minimumCapacity: ideas.count)
    for idea in ideas { known[idea.id.uuid] = idea }
    return ids.map { known[$0.uuid] }
  }
}
