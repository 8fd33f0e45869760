import Postgres

/// Lets go of commitments whose members gave no other payment method in time.
public enum ReleaseDeclined {
  /// Some of what is due, each in a transaction of its own.
  /// - Returns: how many were looked at.
  public static func run(in pool: Pool, now: Timestamp) async throws -> Int {
    let due = try await pool.all(
      """
      SELECT product_id, id FROM commitments
      WHERE state = 'declined' AND method_until <= \(now) ORDER BY method_until LIMIT 100
      """, as: (UUID, UUID).self)
    for (product, id) in due {
      try await pool.transaction { tx in
        try await release(CommitmentID(uuid: id), ProductID(uuid: product), now, tx)
      }
    }
    return due.count
  }

  private static func release(
    _ id: CommitmentID, _ product: ProductID, _ now: Timestamp, _ tx: Transaction
  ) async throws {
    guard let found = try await Commitment.find(id, of: product, in: tx) else { return }
    let presale = try await Presale.hold(product, found.presale, in: tx)
    guard let commitment = try await Commitment.hold(id, of: product, in: tx),
      commitment.state == .declined, let until = commitment.methodUntil, until <= now
    else { return }
    let move = MoveCommitment(
      actor: .worker, note: "no other payment method was given in time", now: now)
    _ = try await move.step(commitment, to: .released, in: tx)
    try await Notify.post(
      .presale, about: IdeaID(uuid: product.uuid), subject: id.uuid,
      detail: "Your commitment was released: no other payment method was given in time.",
      by: nil, to: .members([commitment.member]), at: now, in: tx)
    try await FinishPresale.run(presale, in: tx)
  }
}
