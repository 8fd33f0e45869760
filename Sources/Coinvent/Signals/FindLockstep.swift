import Postgres

/// Accounts that vote for the same ideas within five minutes of each other, again and again, as
/// SynchroTrap finds them (<https://doi.org/10.1145/2660267.2660269>).
///
/// An idea with many votes says little about those who share it and weighs 1/log(votes). Windows of
/// more than `crowd` votes for one idea say nothing and would cost their square.
enum FindLockstep {
  static let method = "lockstep/1"
  static let crowd = 400
  /// Thousandths; a pair that shares three ideas of a hundred votes reaches it.
  static let leastWeight: Int64 = 500
  static let leastIdeas: Int64 = 3
  /// Of each pair; below it coincidence is likely.
  static let leastScore: Int64 = 400

  struct Edge: Sendable {
    let a: UUID
    let b: UUID
    let ideas: [UUID]
    let score: Int64
  }

  static func run(_ span: WatchVotes.Span, at now: Timestamp, in tx: Transaction) async throws
    -> Int
  {
    try await keep(span, in: tx)
    let edges = try await edges(span, in: tx)
    let groups = group(edges)
    for group in groups {
      let seconds = WatchVotes.window.components.seconds
      try await record(group, method: method, seconds: seconds, at: now, in: tx)
    }
    return groups.count
  }

  /// Adds the pairs of new votes to those that are known.
  private static func keep(_ span: WatchVotes.Span, in tx: Transaction) async throws {
    try await tx.execute(
      """
      WITH recent AS MATERIALIZED (\(span.recent)
      ), quiet AS (
        SELECT idea_id, w FROM recent GROUP BY idea_id, w HAVING count(*) <= \(crowd)
      ), calm AS MATERIALIZED (
        SELECT recent.* FROM recent JOIN quiet USING (idea_id, w)
      ), met AS (
        SELECT least(x.member_id, y.member_id) AS a, greatest(x.member_id, y.member_id) AS b,
               x.idea_id, x.cast_at
        FROM calm x
        JOIN (SELECT *, w AS beside FROM calm UNION ALL SELECT *, w + 1 FROM calm) AS y
          ON y.idea_id = x.idea_id AND y.beside = x.w
          AND y.cast_at >= x.cast_at - \(WatchVotes.window)
          AND (y.cast_at, y.member_id) < (x.cast_at, x.member_id)
        WHERE x.cast_at >= \(span.start)
      )
      INSERT INTO vote_pairs AS p (a, b, ideas, last_at)
      SELECT a, b, array_agg(DISTINCT idea_id), max(cast_at) FROM met
      GROUP BY a, b ORDER BY a, b
      ON CONFLICT (a, b) DO UPDATE SET
        ideas = ARRAY(SELECT DISTINCT unnest(p.ideas || excluded.ideas)),
        last_at = excluded.last_at
      """)
  }

  /// The pairs that have met now and often enough.
  private static func edges(_ span: WatchVotes.Span, in tx: Transaction) async throws -> [Edge] {
    let rows = try await tx.all(
      """
      WITH often AS MATERIALIZED (
        SELECT a, b, ideas FROM vote_pairs
        WHERE last_at >= \(span.start) AND cardinality(ideas) >= \(leastIdeas)
      ), weights AS MATERIALIZED (
        SELECT idea_id, (1000 / ln(2.718 + votes + held))::bigint AS weight FROM tallies
        WHERE idea_id IN (SELECT unnest(ideas) FROM often)
      ), cast_by AS MATERIALIZED (
        SELECT m, (SELECT count(*) FROM votes WHERE member_id = m
                     AND cast_at >= \(span.end - WatchVotes.lookBack))
                + (SELECT count(*) FROM held_votes WHERE member_id = m) AS n
        FROM (SELECT a AS m FROM often UNION SELECT b FROM often) AS members
      ), weighed AS (
        SELECT a, b, sum(weight) AS weight FROM often, unnest(ideas) AS i
        JOIN weights ON weights.idea_id = i GROUP BY a, b
      )
      SELECT a, b, ideas,
        least(1000, 600 * cardinality(ideas) / greatest(1, least(x.n, y.n))
          + 40 * cardinality(ideas))
      FROM often JOIN weighed USING (a, b) JOIN cast_by x ON x.m = a JOIN cast_by y ON y.m = b
      WHERE weight >= \(leastWeight)
      """, as: (UUID, UUID, [UUID], Int64).self)
    return rows.map { Edge(a: $0.0, b: $0.1, ideas: $0.2, score: $0.3) }
      .filter { $0.score >= leastScore }
  }

  /// The edges of each connected part.
  static func group(_ edges: [Edge]) -> [[Edge]] {
    var parent: [UUID: UUID] = [:]
    func root(_ member: UUID) -> UUID {
      var top = member
      while let next = parent[top], next != top { top = next }
      var place = member
      while let next = parent[place], next != top {
        parent[place] = top
        place = next
      }
      return top
    }
    for edge in edges {
      let (one, other) = (root(edge.a), root(edge.b))
      if one != other { parent[max(one, other)] = min(one, other) }
    }
    return Dictionary(grouping: edges) { root($0.a) }.sorted { $0.key < $1.key }.map(\.value)
  }

  /// A group that shares a member with a signal that is open or held is the same one, grown. One
  /// that was looked at and dismissed, released or upheld is raised again only with new members.
  /// - Parameter seconds: within which the votes of a pair were cast; nil: at any time.
  static func record(
    _ edges: [Edge], method: String, seconds: Int64?, at now: Timestamp, in tx: Transaction
  ) async throws {
    let members = Set(edges.flatMap { [$0.a, $0.b] }).sorted()
    let score =
      edges.reduce(0) { $0 + $1.score } / Int64(edges.count)
      + min(100, 5 * Int64(members.count - 2))
    let known = try await tx.first(
      """
      SELECT s.about, s.state, count(DISTINCT v.member_id)
      FROM vote_signals s JOIN vote_signal_votes v ON v.signal_id = s.id
      WHERE s.kind = 'lockstep' AND v.member_id = ANY(\(members))
      GROUP BY s.id ORDER BY s.state IN ('open', 'held') DESC, 3 DESC, s.id LIMIT 1
      """, as: (String, VoteSignal.State, Int64).self)
    var about = "lockstep \(SignalID.new(at: now).uuid)"
    if let (text, state, shared) = known {
      if state == .open || state == .held {
        about = text
      } else if shared == Int64(members.count) {
        return
      }
    }
    let votes = Set(
      edges.flatMap { edge in edge.ideas.flatMap { [Vote($0, edge.a), Vote($0, edge.b)] } })
    let evidence = """
      {"members":\(members.count),"ideas":\(Set(votes.map(\.idea)).count),\
      "pairs":\(edges.count),"votes":\(votes.count),\
      "window_seconds":\(seconds.map { "\($0)" } ?? "null"),\
      "least_ideas_of_a_pair":\(edges.map(\.ideas.count).min() ?? 0)}
      """
    try await WatchVotes.record(
      WatchVotes.Finding(
        about: about, score: score, evidence: evidence, ideas: [], members: []),
      kind: .lockstep, method: method, at: now, in: tx)
    try await tx.execute(
      """
      INSERT INTO vote_signal_votes (signal_id, idea_id, member_id)
      SELECT s.id, v.i, v.m FROM vote_signals s,
        unnest(\(votes.map(\.idea)), \(votes.map(\.member))) AS v (i, m)
      WHERE s.about = \(about) AND s.state IN ('open', 'held')
      ON CONFLICT DO NOTHING
      """)
  }

  private struct Vote: Hashable {
    let idea: UUID
    let member: UUID

    init(_ idea: UUID, _ member: UUID) {
      self.idea = idea
      self.member = member
    }
  }
}
