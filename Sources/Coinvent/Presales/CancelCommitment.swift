import Postgres

/// Takes a commitment back, until it is being charged. Its units become free again.
public enum CancelCommitment {
  public enum Outcome: Sendable {
    /// It is cancelled already.
    case repeated(Commitment)
    case cancelled(Commitment)
    case unknown
    /// It is being charged, is charged, or was released.
    case tooLate(Commitment)
  }

  public static func run(
    _ id: CommitmentID, of product: ProductID, by member: MemberID, because note: String? = nil,
    at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome {
    guard let found = try await Commitment.find(id, of: product, in: tx), found.member == member
    else { return .unknown }
    let presale = try await Presale.hold(product, found.presale, in: tx)
    guard let commitment = try await Commitment.hold(id, of: product, in: tx) else {
      preconditionFailure("commitments are never deleted")
    }
    switch commitment.state {
    case .cancelled: return .repeated(commitment)
    case .charging, .captured, .refundDue, .refunding, .refunded, .released:
      return .tooLate(commitment)
    case .committed, .declined: break
    }
    let move = MoveCommitment(actor: .member, note: note, now: now)
    guard let cancelled = try await move.step(commitment, to: .cancelled, in: tx) else {
      preconditionFailure("commitment \(id) was moved inside a transaction that holds it")
    }
    try await CommitmentWork.done(id, in: tx)
    try await CountUnits.add(-commitment.units, tier: commitment.tier, presale, in: tx)
    try await FinishPresale.run(presale, in: tx)
    return .cancelled(cancelled)
  }

  /// All of a member who leaves that are not being charged.
  static func all(of member: MemberID, at now: Timestamp, in tx: Transaction) async throws {
    let open = try await tx.all(
      """
      SELECT product_id, id FROM commitments
      WHERE member_id = \(member.uuid) AND state IN ('committed', 'declined')
      ORDER BY product_id, presale, id
      """, as: (UUID, UUID).self)
    for (product, id) in open {
      _ = try await run(
        CommitmentID(uuid: id), of: ProductID(uuid: product), by: member,
        because: "The member has left.", at: now, in: tx)
    }
  }
}
