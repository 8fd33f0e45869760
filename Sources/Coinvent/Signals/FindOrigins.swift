import Postgres

/// Counts the votes of each day by idea and network, and the young ones among them.
enum CountDays {
  static func run(_ span: WatchVotes.Span, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO vote_days AS d (day, idea_id, origin, votes, young)
      SELECT (cast_at AT TIME ZONE 'UTC')::date, idea_id, o, count(*),
             count(*) FILTER (WHERE cast_at - joined_at < interval '1 day')
      FROM (\(span.recent)) AS r JOIN members ON members.id = member_id,
           LATERAL unnest(ARRAY[0, nullif(origin, 0)]) AS o
      WHERE cast_at >= \(span.start) AND o IS NOT NULL
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (day, idea_id, origin) DO UPDATE SET votes = d.votes + excluded.votes,
        young = d.young + excluded.young
      """)
  }

  /// The days, ideas and networks that have new votes.
  static func touched(_ span: WatchVotes.Span) -> Query {
    """
    SELECT DISTINCT (cast_at AT TIME ZONE 'UTC')::date AS day, idea_id, origin
    FROM (\(span.recent)) AS r WHERE cast_at >= \(span.start)
    """
  }
}

/// Many accounts from one network for one idea on a day.
enum FindOrigins {
  static let method = "origin/1"

  /// At least five, most of whom voted for nothing else that day: a large network has many
  /// members, but not all for one idea.
  static func run(_ span: WatchVotes.Span, at now: Timestamp, in tx: Transaction) async throws
    -> Int
  {
    try await WatchVotes.record(
      """
      WITH many AS (
        SELECT d.* FROM (\(CountDays.touched(span))) AS n
        JOIN vote_days d USING (day, idea_id, origin) WHERE d.votes >= 5
      ), counted AS (
        SELECT many.*, (SELECT sum(o.votes) FROM vote_days o
                        WHERE o.day = many.day AND o.origin = many.origin) AS there
        FROM many
      )
      SELECT 'origin ' || day || ' ' || idea_id || ' ' || origin,
             least(500, 150 + 200 * votes / there + 5 * votes)::bigint,
             jsonb_build_object('accounts', votes, 'day', day, 'votes_of_the_network', there,
               'young', young)::text,
             ARRAY[idea_id],
             (SELECT array_agg(v.member_id) FROM votes v
              WHERE v.idea_id = counted.idea_id AND v.origin = counted.origin
                AND (v.cast_at AT TIME ZONE 'UTC')::date = counted.day)
      FROM counted WHERE votes * 2 >= there
      """, kind: .origin, method: method, at: now, in: tx)
  }
}

/// Many accounts that joined within a day before their vote, for one idea on a day.
enum FindYoung {
  static let method = "young/1"

  /// At least ten, half of the idea's votes that day, and three times the share of all ideas: when
  /// a community begins, everybody is young.
  static func run(_ span: WatchVotes.Span, at now: Timestamp, in tx: Transaction) async throws
    -> Int
  {
    try await WatchVotes.record(
      """
      WITH many AS (
        SELECT d.* FROM (SELECT DISTINCT day, idea_id FROM (\(CountDays.touched(span))) AS t) AS n
        JOIN vote_days d ON d.day = n.day AND d.idea_id = n.idea_id AND d.origin = 0
        WHERE young >= 10 AND young * 2 >= votes
      ), counted AS (
        SELECT many.*, a.votes AS all_votes, a.young AS all_young
        FROM many, LATERAL (SELECT sum(o.votes) AS votes, sum(o.young) AS young FROM vote_days o
                            WHERE o.day = many.day AND o.origin = 0) AS a
      )
      SELECT 'young ' || day || ' ' || idea_id,
             least(500, 100 + 300 * young / votes + young)::bigint,
             jsonb_build_object('accounts', young, 'votes', votes, 'day', day,
               'all_votes_that_day', all_votes, 'young_among_them', all_young)::text,
             ARRAY[idea_id],
             (SELECT array_agg(v.member_id) FROM votes v JOIN members m ON m.id = v.member_id
              WHERE v.idea_id = counted.idea_id AND v.cast_at - m.joined_at < interval '1 day'
                AND (v.cast_at AT TIME ZONE 'UTC')::date = counted.day)
      FROM counted WHERE young * all_votes >= 3 * all_young * votes
      """, kind: .young, method: method, at: now, in: tx)
  }
}

/// Two members who vote for each other's ideas.
enum FindReciprocal {
  static let method = "reciprocal/1"

  /// At least three votes each way, and half of what the one with fewer votes has cast.
  static func run(_ span: WatchVotes.Span, at now: Timestamp, in tx: Transaction) async throws
    -> Int
  {
    try await WatchVotes.record(
      """
      WITH pairs AS (
        SELECT DISTINCT least(r.member_id, t.author_id) AS a,
               greatest(r.member_id, t.author_id) AS b
        FROM (\(span.recent)) AS r JOIN tallies t USING (idea_id)
        WHERE r.cast_at >= \(span.start) AND EXISTS (
          SELECT FROM ideas i JOIN votes v ON v.idea_id = i.id AND v.member_id = t.author_id
          WHERE i.author_id = r.member_id)
      ), given AS (
        SELECT a, b,
          (SELECT array_agg(i.id) FROM ideas i JOIN votes v ON v.idea_id = i.id
           WHERE i.author_id = b AND v.member_id = a) AS to_b,
          (SELECT array_agg(i.id) FROM ideas i JOIN votes v ON v.idea_id = i.id
           WHERE i.author_id = a AND v.member_id = b) AS to_a,
          (SELECT count(*) FROM votes v WHERE v.member_id = a) AS of_a,
          (SELECT count(*) FROM votes v WHERE v.member_id = b) AS of_b
        FROM pairs
      ), weighed AS (
        SELECT *, 1000 * least(cardinality(to_b), cardinality(to_a)) / least(of_a, of_b) AS share
        FROM given WHERE cardinality(to_b) >= 3 AND cardinality(to_a) >= 3
      )
      SELECT 'reciprocal ' || a || ' ' || b, least(500, 200 + share * 3 / 10),
             jsonb_build_object('votes_one_way', cardinality(to_b), 'votes_back', cardinality(to_a),
               'share_thousandths', share)::text,
             to_a || to_b, ARRAY[a, b]
      FROM weighed WHERE share >= 500
      """, kind: .reciprocal, method: method, at: now, in: tx)
  }
}
