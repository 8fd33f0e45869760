import Postgres

/// Recounts the fees of submissions from their transfers, receipts and ideas.
///
/// Counts transfers, and not the steps that posted them: what each account of a fee must hold
/// follows from the state, and the state from the idea's.
enum VerifyFees {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    var finding = try await moved(in: tx)
    if finding == nil { finding = try await standing(in: tx) }
    return Verify.Check(
      name: "fees moved what their state says",
      rows: try await VerifyPostings.count("idea_fees", in: tx), finding: finding)
  }

  /// What went into and out of each account for a fee, by the kinds of both sides.
  private static func moved(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      WITH wanted AS (
        SELECT idea_id, member_id, currency, amount, state, source, CASE
          WHEN state IN ('due', 'waived', 'void') THEN ARRAY[]::text[]
          ELSE ARRAY[format('%s>fees_held', CASE source WHEN 'balance' THEN 'member_payable'
                                                       ELSE 'bank' END)]
            || CASE state WHEN 'earned' THEN ARRAY['fees_held>fees_earned']
                          WHEN 'refunded' THEN ARRAY['fees_held>member_payable']
                          ELSE ARRAY[]::text[] END
          END AS paths
        FROM idea_fees
      ), found AS (
        SELECT t.home, t.cause, array_agg(from_kind::text || '>' || to_kind::text
                                           ORDER BY reason) AS paths,
          bool_and(t.currency = w.currency AND t.amount = w.amount) AS exact,
          bool_and(CASE WHEN from_kind = 'bank' THEN from_owner = zero
                        ELSE from_owner = t.home END
                   AND CASE WHEN to_kind = 'fees_earned' THEN to_owner = zero
                            ELSE to_owner = t.home END) AS owned
        FROM transfers t JOIN wanted w ON w.idea_id = t.cause AND w.member_id = t.home,
          (SELECT '00000000-0000-0000-0000-000000000000'::uuid AS zero) AS z
        WHERE reason IN ('hold', 'earn', 'refund') GROUP BY t.home, t.cause
      )
      SELECT idea_id, state, currency, amount, array_to_string(w.paths, ', '),
             coalesce(array_to_string(f.paths, ', '), '')
      FROM wanted w LEFT JOIN found f ON f.cause = w.idea_id AND f.home = w.member_id
      WHERE w.paths <> coalesce(f.paths, ARRAY[]::text[]) OR NOT coalesce(exact, true)
        OR NOT coalesce(owned, true)
      ORDER BY idea_id LIMIT 1
      """, as: (UUID, String, String, Int64, String, String).self)
    return row.map { idea, state, currency, amount, wanted, found in
      Finding(
        check: "fees",
        detail: "the fee of \(IdeaID(uuid: idea)) is \(state) with \(amount) nanos \(currency); "
          + "its transfers are \(found.isEmpty ? "missing" : found), of which each should move "
          + "all of it: \(wanted.isEmpty ? "none" : wanted)")
    }
  }

  /// Whether each fee is where its history, its receipt and its idea say.
  private static func standing(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT f.idea_id, f.state, i.state, CASE
        WHEN f.state IS DISTINCT FROM (
          SELECT new_state FROM fee_events e WHERE e.idea_id = f.idea_id
          ORDER BY number DESC LIMIT 1) THEN 'its last event says something else'
        WHEN (f.source IS NOT DISTINCT FROM 'outside') <> EXISTS (
          SELECT FROM fee_receipts r WHERE r.idea_id = f.idea_id)
          THEN 'its receipt and its source differ'
        WHEN f.member_id <> i.author_id THEN 'somebody else pays it'
        ELSE 'that does not go with the idea' END
      FROM idea_fees f JOIN ideas i ON i.id = f.idea_id
      WHERE f.state IS DISTINCT FROM (
          SELECT new_state FROM fee_events e WHERE e.idea_id = f.idea_id
          ORDER BY number DESC LIMIT 1)
        OR (f.source IS NOT DISTINCT FROM 'outside') <> EXISTS (
          SELECT FROM fee_receipts r WHERE r.idea_id = f.idea_id)
        OR f.member_id <> i.author_id
        OR CASE f.state
             WHEN 'due' THEN i.state <> 'submitted'
             WHEN 'held' THEN i.state <> 'submitted'
             WHEN 'waived' THEN false
             ELSE i.state IN ('draft', 'submitted') OR (f.state = 'earned') <> EXISTS (
               SELECT FROM idea_history h WHERE h.idea_id = f.idea_id AND h.new_state = 'open')
           END
      ORDER BY f.idea_id LIMIT 1
      """, as: (UUID, String, String, String).self)
    return row.map { idea, state, ideaState, why in
      Finding(
        check: "fees",
        detail: "the fee of \(IdeaID(uuid: idea)), which is \(ideaState), is \(state): \(why)")
    }
  }
}
