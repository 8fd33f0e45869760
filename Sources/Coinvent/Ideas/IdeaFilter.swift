import Postgres

/// Which ideas of a list are wanted.
public struct IdeaFilter: Hashable, Sendable {
  /// As `IdeaDetails.tag` writes it.
  public var tag: String?
  public var category: String?

  public static let none = IdeaFilter()

  public init(tag: String? = nil, category: String? = nil) {
    self.tag = tag
    self.category = category
  }

  public var isNone: Bool { self == .none }

  /// Tells lists apart in their cursors; empty for a list without a filter.
  var mark: [UInt8] {
    if isNone { return [] }
    return Array(Digest.sha256(Array("\(tag ?? "")\u{0}\(category ?? "")".utf8))[..<8])
  }
}

extension ListIdeas {
  /// A page of the ideas that a filter lets through.
  ///
  /// The newest lie in the order of an index. For the others it depends on how many there are: few
  /// are quickly sorted, many are met soon in the list of all. The planner cannot tell them apart
  /// where a frequent tag has no idea in this state, so they are counted, as far as few go.
  public static func filtered(
    _ filter: IdeaFilter, state: Idea.State = .open, sort: Sort = .new, limit: Int = 20,
    after cursor: IdeaCursor? = nil, in pool: Pool
  ) async throws -> Page {
    let ideas = try await pool.transaction(readOnly: true) { tx in
      try await tx.execute("SET LOCAL plan_cache_mode = force_custom_plan")
      let few = sort == .new ? nil : try await few(filter, state, in: tx)
      return try await tx.all(
        page(filter, few: few, state: state, sort: sort, limit: limit + 1, after: cursor),
        of: Idea.self)
    }
    return Page(ideas, limit: limit, sort: sort, state: state, filter: filter)
  }

  /// So many ideas are sorted rather than looked for.
  private static let fewAtMost = 2000

  /// The ids of those that have the tag, or the category, when they are few.
  static func few(_ filter: IdeaFilter, _ state: Idea.State, in tx: Transaction) async throws
    -> Query?
  {
    for query in candidates(filter, state) {
      let counted = try await tx.one(
        "SELECT count(*) FROM (\(query) LIMIT \(fewAtMost + 1)) AS c", as: Int.self)
      if counted <= fewAtMost { return "\(query) LIMIT \(fewAtMost)" }
    }
    return nil
  }

  private static func candidates(_ filter: IdeaFilter, _ state: Idea.State) -> [Query] {
    let tagged: Query? = filter.tag.map {
      "SELECT idea_id AS id FROM idea_tags WHERE tag = \($0) AND state = \(state.rawValue)"
    }
    let sorted: Query? = filter.category.map {
      "SELECT id FROM ideas WHERE category = \($0) AND state = \(state.rawValue)"
    }
    return [tagged, sorted].compactMap(\.self)
  }

  /// - Parameter few: the ids of all that come into question, when they are few.
  static func page(
    _ filter: IdeaFilter, few: Query?, state: Idea.State, sort: Sort, limit: Int,
    after cursor: IdeaCursor?
  ) -> Query {
    let best: Query =
      switch sort {
      case .new: newest(filter, state, limit, cursor)
      case .top: ranked("votes", filter, few, state, limit, cursor)
      case .trending: ranked("trending", filter, few, state, limit, cursor)
      }
    // First only who is on the page, then their texts.
    return """
      SELECT \(Idea.columns) FROM (\(best)) AS best JOIN (\(Idea.source)) ON ideas.id = best.id
      ORDER BY best.key DESC, best.id DESC
      """
  }

  private static func newest(
    _ filter: IdeaFilter, _ state: Idea.State, _ limit: Int, _ cursor: IdeaCursor?
  ) -> Query {
    let from = Timestamp(microseconds: cursor?.key ?? farFuture)
    let id = cursor?.id.uuid ?? .max
    guard let tag = filter.tag else {
      return """
        SELECT id, opened_at AS key FROM ideas
        WHERE category = \(filter.category) AND state = \(state.rawValue)
          AND (opened_at, id) < (\(from), \(id))\(seen(state))
        ORDER BY opened_at DESC, id DESC LIMIT \(limit)
        """
    }
    return """
      SELECT idea_id AS id, opened_at AS key FROM idea_tags
      WHERE tag = \(tag) AND state = \(state.rawValue) AND (opened_at, idea_id) < (\(from), \(id))
        AND (\(filter.category)::text IS NULL
             OR (SELECT category FROM ideas WHERE ideas.id = idea_id) = \(filter.category))
        \(seen(state, "idea_id"))
      ORDER BY opened_at DESC, idea_id DESC LIMIT \(limit)
      """
  }

  private static func ranked(
    _ column: StaticString, _ filter: IdeaFilter, _ few: Query?, _ state: Idea.State, _ limit: Int,
    _ cursor: IdeaCursor?
  ) -> Query {
    let key: Query = "t.\(unsafeSQL: "\(column)")"
    let start: Query = few.map { "WITH few AS MATERIALIZED (\($0)) " } ?? ""
    var joins: Query = few == nil ? "tallies t" : "few JOIN tallies t ON t.idea_id = few.id"
    if let tag = filter.tag {
      joins += """
         JOIN idea_tags g ON g.idea_id = t.idea_id AND g.tag = \(tag)
          AND g.state = \(state.rawValue)
        """
    }
    if let category = filter.category {
      joins += """
         JOIN ideas c ON c.id = t.idea_id AND c.category = \(category)
          AND c.state = \(state.rawValue)
        """
    }
    return """
      \(start)SELECT t.idea_id AS id, \(key) AS key FROM \(joins)
      WHERE t.state = \(state.rawValue)
        AND (\(key), t.idea_id) < (\(cursor?.key ?? .max), \(cursor?.id.uuid ?? .max))
        \(seen(state, "t.idea_id"))
      ORDER BY \(key) DESC, t.idea_id DESC LIMIT \(limit)
      """
  }

  /// `seen(state)` where ideas are known by their ids only.
  private static func seen(_ state: Idea.State, _ id: StaticString) -> Query {
    if !state.mayBeNeverOpen { return "" }
    return " AND (SELECT NOT never_open FROM ideas WHERE ideas.id = \(unsafeSQL: "\(id)"))"
  }
}
