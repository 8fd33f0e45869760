import Postgres

/// What the ratings of a session come to, idea by idea and criterion by criterion.
public struct EvaluationTally: Sendable, Equatable {
  public struct Mark: Sendable, Equatable {
    public let criterion: String
    /// How many gave each score, 1 first.
    public let counts: [Int64]

    public init(criterion: String, counts: [Int64]) {
      self.criterion = criterion
      self.counts = counts
    }

    public var count: Int64 { counts.reduce(0, +) }

    /// The mean score in thousandths, rounded half up; nil without a rating.
    public var mean: Int64? {
      let count = count
      guard count > 0 else { return nil }
      var sum: Int64 = 0
      for (place, number) in counts.enumerated() { sum += Int64(place + 1) * number }
      return (sum * 2000 + count) / (2 * count)
    }

    /// The mean as a decimal number, such as `3.667`.
    public var meanText: String? {
      mean.map { mean in
        let digits = String(mean % 1000)
        return "\(mean / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
  }

  public struct Entry: Sendable, Equatable {
    public let idea: IdeaID
    public let decision: Evaluation.Decision?
    public fileprivate(set) var marks: [Mark]
  }

  public let id: EvaluationID
  public let state: Evaluation.State
  public let current: IdeaID?
  public fileprivate(set) var entries: [Entry]

  /// The entries that are new against an earlier reading, and all when the agenda is another.
  public func changes(since old: EvaluationTally?) -> [Entry] {
    guard let old, old.entries.map(\.idea) == entries.map(\.idea) else { return entries }
    return zip(entries, old.entries).filter { $0 != $1 }.map(\.0)
  }

  /// The tallies of all these sessions that there are, as of one moment.
  public static func read(_ ids: [EvaluationID], in db: some Queryable) async throws
    -> [EvaluationTally]
  {
    let rows = try await db.all(
      """
      SELECT e.id, e.state, e.current_idea, n.idea_id, n.decision, c.name,
             coalesce(t.counts, array_fill(0, ARRAY[c.scale::integer])::bigint[])
      FROM evaluations AS e
      JOIN evaluation_entries AS n ON n.evaluation_id = e.id
      JOIN evaluation_criteria AS c ON c.evaluation_id = e.id
      LEFT JOIN evaluation_tallies AS t ON t.evaluation_id = e.id AND t.idea_id = n.idea_id
        AND t.criterion = c.number
      WHERE e.id = ANY(\(ids.map(\.uuid))) ORDER BY e.id, n.place, c.number
      """,
      as: (UUID, Evaluation.State, UUID?, UUID, Evaluation.Decision?, String, [Int64]).self)
    var tallies: [EvaluationTally] = []
    for (id, state, current, idea, decision, name, counts) in rows {
      if tallies.last?.id.uuid != id {
        tallies.append(
          EvaluationTally(
            id: EvaluationID(uuid: id), state: state, current: current.map(IdeaID.init(uuid:)),
            entries: []))
      }
      let last = tallies.count - 1
      if tallies[last].entries.last?.idea.uuid != idea {
        tallies[last].entries.append(
          Entry(idea: IdeaID(uuid: idea), decision: decision, marks: []))
      }
      let entry = tallies[last].entries.count - 1
      tallies[last].entries[entry].marks.append(Mark(criterion: name, counts: counts))
    }
    return tallies
  }

  /// - Returns: nil when there is no such session.
  public static func read(_ id: EvaluationID, in db: some Queryable) async throws
    -> EvaluationTally?
  {
    try await read([id], in: db).first
  }
}
