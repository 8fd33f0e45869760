import Postgres

/// The step before a call to the provider: it leaves behind that a call may have happened.
public enum BeginCharge {
  public enum Next: Sendable {
    /// Nothing was ever sent: send it.
    case send(Commitment)
    /// Something may have been sent: ask, and send again only if it has had no effect.
    case askFirst(Commitment)
    /// Ask, and send nothing: it is so old that its key may be forgotten.
    case askOnly(Commitment)
    /// There is nothing left to do.
    case finished
  }

  public static func run(_ claim: CommitmentClaim, now: Timestamp, in tx: Transaction) async throws
    -> Next
  {
    guard let commitment = try await Commitment.hold(claim.id, of: claim.product, in: tx) else {
      try await CommitmentWork.done(claim.id, in: tx)
      return .finished
    }
    switch commitment.state {
    case .committed: return try await begin(commitment, .charging, now, tx)
    case .refundDue: return try await begin(commitment, .refunding, now, tx)
    case .charging, .refunding:
      return commitment.isTooOldToSend(at: now) ? .askOnly(commitment) : .askFirst(commitment)
    case .declined, .captured, .refunded, .cancelled, .released:
      try await CommitmentWork.done(commitment.id, in: tx)
      return .finished
    }
  }

  private static func begin(
    _ commitment: Commitment, _ to: CommitmentState, _ now: Timestamp, _ tx: Transaction
  ) async throws -> Next {
    let move = MoveCommitment(actor: .worker, note: nil, now: now)
    guard let begun = try await move.step(commitment, to: to, in: tx) else {
      preconditionFailure("commitment \(commitment.id) was moved while it was held")
    }
    return .send(begun)
  }

  /// Notes another attempt with the same key, before it is made.
  /// - Returns: false when it must not be made: somebody else learnt what became of it.
  public static func again(_ commitment: Commitment, now: Timestamp, in tx: Transaction)
    async throws -> Bool
  {
    let touched = try await tx.execute(
      """
      UPDATE commitments SET attempts = attempts + 1, changed_at = \(now)
      WHERE product_id = \(commitment.product.uuid) AND id = \(commitment.id.uuid)
        AND state = \(commitment.state.rawValue) AND charge = \(commitment.charge)
        AND state IN ('charging', 'refunding')
        AND first_sent_at > \(now - PayoutPolicy.keyLifetime)
      """)
    return touched == 1
  }
}
