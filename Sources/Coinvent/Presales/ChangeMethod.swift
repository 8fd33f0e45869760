import Postgres

/// Gives a commitment another payment method: before it is charged, or after a decline in time.
public enum ChangeMethod {
  public enum Outcome: Sendable {
    case changed(Commitment)
    case unknown
    /// It is being charged, it is over, or the time for another method has passed.
    case tooLate(Commitment)
  }

  /// - Throws: `Invalid` for a method that cannot be.
  public static func run(
    _ id: CommitmentID, of product: ProductID, to method: String, by member: MemberID,
    at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MakeCommitment.fault(method: method) { throw Invalid("/method", fault) }
    guard let found = try await Commitment.find(id, of: product, in: tx), found.member == member
    else { return .unknown }
    // A presale that is stopped now must not miss it.
    _ = try await Presale.hold(product, found.presale, in: tx)
    guard let commitment = try await Commitment.hold(id, of: product, in: tx) else {
      return .unknown
    }
    switch commitment.state {
    case .committed: return .changed(try await rewrite(commitment, method, now, tx))
    case .declined:
      guard let until = commitment.methodUntil, now < until else { return .tooLate(commitment) }
      return .changed(try await again(commitment, method, now, tx))
    case .charging, .captured, .refundDue, .refunding, .refunded, .cancelled, .released:
      return .tooLate(commitment)
    }
  }

  private static func rewrite(
    _ commitment: Commitment, _ method: String, _ now: Timestamp, _ tx: Transaction
  ) async throws -> Commitment {
    try await tx.one(
      """
      UPDATE commitments SET method = \(method), changed_at = \(now)
      WHERE product_id = \(commitment.product.uuid) AND id = \(commitment.id.uuid)
      RETURNING \(Commitment.columns)
      """, of: Commitment.self)
  }

  /// Another method is another charge, under a key of its own: the old one stays declined.
  private static func again(
    _ commitment: Commitment, _ method: String, _ now: Timestamp, _ tx: Transaction
  ) async throws -> Commitment {
    let move = MoveCommitment(actor: .member, note: "another payment method", now: now)
    guard let moved = try await move.step(commitment, to: .committed, method: method, in: tx)
    else { preconditionFailure("commitment \(commitment.id) was moved while it was held") }
    try await CommitmentWork.add(commitment.id, of: commitment.product, due: now, in: tx)
    return moved
  }
}
