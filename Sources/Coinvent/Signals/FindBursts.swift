import Postgres

/// Many votes for an idea within five minutes, against its usual rate.
enum FindBursts {
  static let method = "burst/1"

  /// At least ten votes, and ten times what is usual. Much praise comes in bursts too, so the score
  /// stays low unless the accounts are young or share networks.
  static func run(_ span: WatchVotes.Span, at now: Timestamp, in tx: Transaction) async throws
    -> Int
  {
    try await WatchVotes.record(
      """
      WITH windows AS (
        SELECT r.idea_id, r.w, count(*) AS n,
               count(*) FILTER (WHERE r.cast_at - joined_at < interval '1 day') AS young,
               count(r.origin) - count(DISTINCT r.origin) AS shared,
               array_agg(r.member_id) AS members
        FROM (\(span.recent)) AS r JOIN members ON members.id = r.member_id
        WHERE r.cast_at >= \(span.start) GROUP BY 1, 2 HAVING count(*) >= 10
      ), usual AS (
        SELECT windows.*, greatest(1, 1000 * (t.votes - n)
          / greatest(1, w - floor(extract(epoch FROM t.opened_at) / 300)::bigint)) AS usual
        FROM windows JOIN tallies t USING (idea_id)
      )
      SELECT 'burst ' || idea_id || ' ' || w, 150 + 200 * young / n + 200 * shared / n,
             jsonb_build_object('votes', n, 'window_start', to_timestamp(w * 300),
               'window_seconds', 300, 'usual_thousandths', usual, 'young', young,
               'sharing_a_network', shared)::text,
             ARRAY[idea_id], members
      FROM usual WHERE n * 1000 >= 10 * usual
      """, kind: .burst, method: method, at: now, in: tx)
  }
}
