import Ledger
import Postgres

/// One step of a commitment along the state machine: the row, the history, and the books.
struct MoveCommitment {
  enum Actor: String { case member, curator, finance, worker, provider }

  let actor: Actor
  let note: String?
  let now: Timestamp

  /// - Parameter method: given with the step back to `committed`, which begins another charge
  /// - Returns: how it stands then; nil when it no longer stood where the step begins.
  func step(
    _ commitment: Commitment, to: CommitmentState, method: String? = nil, in tx: Transaction
  ) async throws -> Commitment? {
    let again = to == .committed
    let keeps = to == .charging
    let begins = to == .charging || to == .refunding
    let ends = to == .captured || to == .declined || again
    let until = to == .declined ? now + Commitment.timeForAnotherMethod : nil
    let moved = try await tx.first(
      """
      UPDATE commitments SET state = \(to.rawValue), step = step + 1, changed_at = \(now),
        method = CASE WHEN \(keeps) THEN method ELSE \(method) END,
        charge = charge + \(again ? 1 : 0), method_until = \(until),
        attempts = CASE WHEN \(begins) THEN 1 WHEN \(ends) THEN 0 ELSE attempts END,
        first_sent_at = CASE WHEN \(begins) THEN \(now) WHEN \(ends) THEN NULL
                             ELSE first_sent_at END
      WHERE product_id = \(commitment.product.uuid) AND id = \(commitment.id.uuid)
        AND state = \(commitment.state.rawValue)
      RETURNING \(Commitment.columns)
      """, of: Commitment.self)
    guard let moved else { return nil }
    try await tx.execute(
      """
      INSERT INTO commitment_events
        (product_id, commitment_id, number, from_state, to_state, actor, note, at)
      VALUES (\(moved.product.uuid), \(moved.id.uuid), \(moved.step), \(commitment.state.rawValue),
        \(to.rawValue), \(actor.rawValue), \(note), \(now))
      """)
    if let reason = to.moves {
      try await MoveCommitmentMoney(commitment: moved, at: now).run(reason, in: tx)
    }
    return moved
  }

  /// Moves all of a presale that stand in one state, in one statement; of a state that moves money
  /// it would be wrong.
  /// - Returns: whose they are.
  func all(
    of presale: Presale, from: CommitmentState, to: CommitmentState, in tx: Transaction
  ) async throws -> [MemberID] {
    precondition(to == .released || to == .refundDue, "each other step has something of its own")
    return try await tx.all(
      """
      WITH moved AS (
        UPDATE commitments SET state = \(to.rawValue), step = step + 1, changed_at = \(now),
          method = NULL, method_until = NULL
        WHERE product_id = \(presale.product.uuid) AND presale = \(presale.number)
          AND state = \(from.rawValue)
        RETURNING product_id, id, step, member_id
      ), told AS (
        INSERT INTO commitment_events
          (product_id, commitment_id, number, from_state, to_state, actor, note, at)
        SELECT product_id, id, step, \(from.rawValue), \(to.rawValue), \(actor.rawValue), \(note),
          \(now)
        FROM moved
      )
      SELECT DISTINCT member_id FROM moved
      """, as: UUID.self
    ).map(MemberID.init(uuid:))
  }
}
