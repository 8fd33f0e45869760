import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct PayoutSchemaTests {
  @Test func `the state machine in the schema is the one in the program`() async throws {
    try await withDatabase { pool in
      let rows = try await pool.all(
        "SELECT rail::text, from_state::text, to_state::text, moves::text FROM payout_transitions",
        as: (String, String, String, String?).self)
      let answers: [PayoutAnswer] = [
        .accepted(providerID: nil), .paid(providerID: nil), .failed(providerID: nil, why: ""),
        .returned(providerID: nil, why: ""), .refused(why: ""), .notFound, .unknown(why: ""),
      ]
      var steps: Set<String> = ["requested submitting", "requested exported"]
      for state in PayoutState.allCases {
        for answer in answers {
          let path = [state] + (state.path(to: answer) ?? [])
          for (from, to) in zip(path, path.dropFirst()) { steps.insert("\(from) \(to)") }
        }
      }
      #expect(steps == Set(rows.map { "\($0.1) \($0.2)" }))
      for (_, _, to, moves) in rows {
        let state = try #require(PayoutState(rawValue: to))
        #expect(MovePayout.money(state).map { "\($0)" } == moves)
      }
    }
  }

  @Test(arguments: [
    ("UPDATE payouts SET state = 'paid'", "payouts_stand_where_history_led"),
    ("UPDATE payouts SET step = 7", "payouts_stand_where_history_led"),
    ("UPDATE payouts SET amount = 0", "payouts_are_positive"),
    ("UPDATE payouts SET amount = amount - 1", "payouts_are_whole_minor_units"),
    ("UPDATE payouts SET amount = amount + unit", "payouts_are_covered"),
    ("UPDATE payouts SET minimum = amount + 1", "payouts_reach_the_minimum"),
    (
      """
      INSERT INTO payout_events
        (member_id, payout_id, number, rail, from_state, to_state, actor, at)
      SELECT member_id, id, 2, rail, 'requested', 'paid', 'x', now() FROM payouts
      """, "payout_events_are_allowed"
    ),
    (
      """
      INSERT INTO payout_events
        (member_id, payout_id, number, rail, from_state, to_state, actor, at)
      SELECT member_id, id, 2, rail, 'submitted', 'paid', 'x', now() FROM payouts
      """, "payout_events_follow"
    ),
    (
      """
      INSERT INTO payout_events
        (member_id, payout_id, number, rail, from_state, to_state, actor, at)
      SELECT member_id, id, 3, rail, 'requested', 'submitting', 'x', now() FROM payouts
      """, "payout_events_follow"
    ),
    (
      """
      INSERT INTO payouts (member_id, id, rail, origin, currency, amount, unit, minimum,
        payable_before, handle, name, state, step, created_at, changed_at)
      SELECT member_id, gen_random_uuid(), rail, 'automatic', currency, amount, unit, minimum,
        payable_before, handle, name, state, step, created_at, changed_at FROM payouts
      """, "payouts_automatic_once"
    ),
  ])
  func `the database refuses what must never be`(sql: String, constraint: String) async throws {
    try await PayoutScene.with { scene in
      _ = try await scene.member("ada", paid: "20.00")
      _ = try await MakeAutomaticPayouts(policy: .standard, now: .now).run(in: scene.pool)
      do {
        try await scene.pool.execute(Query(unsafeSQL: sql))
        Issue.record("it was taken")
      } catch let error as DatabaseError {
        #expect(error.constraint == constraint)
      }
    }
  }
}
