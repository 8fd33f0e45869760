import Postgres

/// Stops a presale because its product is not produced: nobody is charged any more, and what was
/// charged goes back.
public enum StopPresale {
  public enum Outcome: Sendable {
    /// It had failed or was stopped before.
    case repeated(Presale)
    /// Before anybody was charged.
    case failed(Presale)
    case refunding(Presale)
    case none
  }

  /// - Throws: `Invalid` for a bad reason.
  public static func run(
    _ product: ProductID, reason: String, by curator: MemberID?, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let presale = try await Presale.holdLatest(of: product, in: tx) else { return .none }
    switch presale.state {
    case .failed, .refunding, .refunded: return .repeated(presale)
    case .open:
      try await record(presale, reason, curator, now, tx)
      return .failed(
        try await fail(presale, reason: reason.trimmed, by: curator, at: now, in: tx))
    case .charging, .charged:
      try await record(presale, reason, curator, now, tx)
      return .refunding(try await refund(presale, reason.trimmed, curator, now, tx))
    }
  }

  private static func record(
    _ presale: Presale, _ reason: String, _ curator: MemberID?, _ now: Timestamp, _ tx: Transaction
  ) async throws {
    try await Audit.record(
      "presale_stopped", on: "\(presale.product)", reason: reason,
      before: ["state": .string(presale.state.rawValue)], by: curator, at: now, in: tx)
  }

  /// Nobody was charged, and nobody is.
  static func fail(
    _ presale: Presale, reason: String, by curator: MemberID?, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Presale {
    let failed = try await EndPresale.move(
      presale, to: .failed, reason: reason, by: curator, at: now, in: tx)
    try await release(failed, from: [.committed], by: curator, at: now, in: tx)
    return failed
  }

  /// Charges that are under way are sent back when they are known (`RecordCharge`).
  private static func refund(
    _ presale: Presale, _ reason: String, _ curator: MemberID?, _ now: Timestamp, _ tx: Transaction
  ) async throws -> Presale {
    let stopped = try await EndPresale.move(
      presale, to: .refunding, reason: reason, by: curator, at: now, in: tx)
    try await release(stopped, from: [.committed, .declined], by: curator, at: now, in: tx)
    let move = MoveCommitment(
      actor: curator == nil ? .worker : .curator, note: reason, now: now)
    _ = try await move.all(of: stopped, from: .captured, to: .refundDue, in: tx)
    try await CommitmentWork.addAll(of: stopped, in: .refundDue, due: now, tx: tx)
    try await FinishPresale.run(stopped, in: tx)
    return stopped
  }

  private static func release(
    _ presale: Presale, from states: [CommitmentState], by curator: MemberID?, at now: Timestamp,
    in tx: Transaction
  ) async throws {
    let move = MoveCommitment(
      actor: curator == nil ? .worker : .curator, note: presale.reason, now: now)
    var members: [MemberID] = []
    for state in states {
      members += try await move.all(of: presale, from: state, to: .released, in: tx)
    }
    try await Notify.post(
      .presale, about: IdeaID(uuid: presale.product.uuid),
      detail: "Nothing is charged: \(presale.reason ?? "")", by: curator, to: .members(members),
      at: now, in: tx)
  }
}
