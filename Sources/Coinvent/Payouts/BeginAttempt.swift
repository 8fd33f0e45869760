import Postgres

/// The step before a call to the provider: it leaves behind that a call may have happened.
public enum BeginAttempt {
  public enum Next: Sendable {
    /// Nothing was ever sent: send it.
    case send(Payout)
    /// Something may have been sent: ask, and send again only if it is unknown there.
    case askFirst(Payout)
    /// Ask, and send nothing: it is accepted, or so old that its key may be forgotten.
    case askOnly(Payout)
    /// There is nothing left to do.
    case finished
  }

  public static func run(_ claim: PayoutClaim, now: Timestamp, in tx: Transaction) async throws
    -> Next
  {
    guard let payout = try await locked(claim.member, claim.id, tx) else {
      try await PayoutWork.done(claim.id, in: tx)
      return .finished
    }
    switch payout.state {
    case .requested: return .send(try await begin(payout, now, tx))
    case .submitting: return payout.isTooOldToSend(at: now) ? .askOnly(payout) : .askFirst(payout)
    case .submitted: return .askOnly(payout)
    case .exported, .paid, .failed, .returned:
      try await PayoutWork.done(payout.id, in: tx)
      return .finished
    }
  }

  /// Notes another attempt with the same key, before it is made.
  /// - Returns: false when it must not be made: somebody else learnt what became of it.
  public static func again(_ payout: Payout, now: Timestamp, in tx: Transaction) async throws
    -> Bool
  {
    let touched = try await tx.execute(
      """
      UPDATE payouts SET attempts = attempts + 1, changed_at = \(now)
      WHERE member_id = \(payout.member.uuid) AND id = \(payout.id.uuid)
        AND state = 'submitting' AND first_sent_at > \(now - PayoutPolicy.keyLifetime)
      """)
    return touched == 1
  }

  private static func begin(_ payout: Payout, _ now: Timestamp, _ tx: Transaction) async throws
    -> Payout
  {
    try await tx.execute(
      """
      UPDATE payouts SET attempts = 1, first_sent_at = \(now)
      WHERE member_id = \(payout.member.uuid) AND id = \(payout.id.uuid)
      """)
    let move = MovePayout(actor: "worker", note: nil, now: now)
    _ = try await move.walk(payout, along: [.submitting], in: tx)
    return payout
  }

  static func locked(_ member: MemberID, _ id: PayoutID, _ tx: Transaction) async throws -> Payout?
  {
    try await tx.first(
      """
      SELECT \(Payout.columns) FROM payouts
      WHERE member_id = \(member.uuid) AND id = \(id.uuid)
      FOR UPDATE
      """, of: Payout.self)
  }
}
