import Postgres

/// Pages of ideas of one state in one order.
public enum ListIdeas {
  public enum Sort: String, CaseIterable, Sendable {
    case new, top, trending

    func key(of idea: Idea) -> Int64 {
      switch self {
      case .new: idea.openedAt.microseconds
      case .top: idea.votes
      case .trending: idea.trending
      }
    }
  }

  public struct Page: Sendable {
    public let ideas: [Idea]
    /// Where the next page starts; nil on the last one.
    public let next: IdeaCursor?

    /// - Parameter ideas: one more than fit when there are more.
    init(_ ideas: [Idea], limit: Int, sort: Sort, state: Idea.State, filter: IdeaFilter = .none) {
      self.ideas = Array(ideas.prefix(limit))
      let last = ideas.count > limit ? self.ideas.last : nil
      next = last.map { IdeaCursor(sort: sort, state: state, filter: filter, last: $0) }
    }
  }

  /// - Parameter limit: ideas on the page, 1 to 100.
  public static func run(
    state: Idea.State = .open, sort: Sort = .new, limit: Int = 20, after cursor: IdeaCursor? = nil,
    in db: some Queryable
  ) async throws -> Page {
    let query = page(state: state, sort: sort, limit: limit + 1, after: cursor)
    let ideas = try await db.all(query, of: Idea.self)
    return Page(ideas, limit: limit, sort: sort, state: state)
  }

  /// Each order has its index, led by the state; a page reads only its own rows of it.
  /// What was never open is on nobody's list; only ideas of two states can be that.
  static func seen(_ state: Idea.State) -> Query {
    state.mayBeNeverOpen ? " AND NOT ideas.never_open" : ""
  }

  static func page(state: Idea.State, sort: Sort, limit: Int, after cursor: IdeaCursor?)
    -> Query
  {
    let key = cursor?.key ?? .max
    let id = cursor?.id.uuid ?? .max
    switch sort {
    case .new:
      let from = Timestamp(microseconds: cursor?.key ?? farFuture)
      return """
        SELECT \(Idea.columns) FROM \(Idea.source)
        WHERE ideas.state = \(state.rawValue) AND (ideas.opened_at, ideas.id) < (\(from), \(id))
        \(seen(state))
        ORDER BY ideas.opened_at DESC, ideas.id DESC LIMIT \(limit)
        """
    case .top:
      return """
        SELECT \(Idea.columns) FROM \(Idea.source)
        WHERE tallies.state = \(state.rawValue) AND (votes, tallies.idea_id) < (\(key), \(id))
        \(seen(state))
        ORDER BY votes DESC, tallies.idea_id DESC LIMIT \(limit)
        """
    case .trending:
      return """
        SELECT \(Idea.columns) FROM \(Idea.source)
        WHERE tallies.state = \(state.rawValue) AND (trending, tallies.idea_id) < (\(key), \(id))
        \(seen(state))
        ORDER BY trending DESC, tallies.idea_id DESC LIMIT \(limit)
        """
    }
  }

  /// The year 9999, in microseconds: later than any idea and inside what the database can hold.
  static let farFuture: Int64 = 253_370_764_800_000_000
}
