import Postgres

/// Ends the taking of commitments: at the deadline by the rules, or before it by a curator who
/// starts production of what has reached its target.
public enum EndPresale {
  public enum Outcome: Sendable {
    /// It had ended before.
    case repeated(Presale)
    /// The target is reached: commitments are charged from now on.
    case charging(Presale)
    case failed(Presale)
    case none
    /// Production starts early only once the target is reached.
    case belowTarget(Presale)
  }

  /// Starts production now.
  /// - Throws: `Invalid` for a bad reason.
  public static func early(
    _ product: ProductID, reason: String, by curator: MemberID, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    // A product before its presale, as everybody takes them who takes both.
    guard try await AddEvents.hold(product, in: tx),
      let presale = try await Presale.holdLatest(of: product, in: tx)
    else { return .none }
    guard presale.state == .open else { return .repeated(presale) }
    if now >= presale.endsAt { return try await due(presale, at: now, in: tx) }
    guard presale.isReached else { return .belowTarget(presale) }
    try await Audit.record(
      "presale_production", on: "\(product)", reason: reason, by: curator, at: now, in: tx)
    return .charging(
      try await charge(presale, reason: reason.trimmed, by: curator, at: now, in: tx))
  }

  /// Ends what is due: some presales, each in a transaction of its own.
  /// - Returns: how many ended.
  public static func allDue(in pool: Pool, now: Timestamp) async throws -> Int {
    let due = try await pool.all(
      """
      SELECT product_id, number FROM presales
      WHERE state = 'open' AND ends_at <= \(now) ORDER BY ends_at LIMIT 100
      """, as: (UUID, Int32).self)
    for (product, number) in due {
      try await pool.transaction { tx in
        let product = ProductID(uuid: product)
        _ = try await AddEvents.hold(product, in: tx)
        let presale = try await Presale.hold(product, Int(number), in: tx)
        // Somebody else may have ended it, or made it end later.
        guard presale.state == .open, presale.endsAt <= now else { return }
        _ = try await EndPresale.due(presale, at: now, in: tx)
      }
    }
    return due.count
  }

  private static func due(_ presale: Presale, at now: Timestamp, in tx: Transaction) async throws
    -> Outcome
  {
    if presale.isReached {
      return .charging(try await charge(presale, reason: nil, by: nil, at: now, in: tx))
    }
    let reason =
      "presale reached \(presale.units) of \(presale.target) units by \(presale.endsAt)"
    let failed = try await StopPresale.fail(presale, reason: reason, by: nil, at: now, in: tx)
    switch try await MoveStage.run(
      product: presale.product, to: .shelved, reason: reason, by: nil, at: now, in: tx)
    {
    // Whose rights have returned is on no shelf.
    case .moved, .unchanged, .notAllowed: return .failed(failed)
    case .reasonNeeded, .unknown:
      preconditionFailure("a product with a presale is there, and the reason is given")
    }
  }

  private static func charge(
    _ presale: Presale, reason: String?, by curator: MemberID?, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Presale {
    let ended = try await move(presale, to: .charging, reason: reason, by: curator, at: now, in: tx)
    try await CommitmentWork.addAll(of: presale, in: .committed, due: now, tx: tx)
    try await Notify.post(
      .presale, about: IdeaID(uuid: presale.product.uuid),
      detail: "The presale has reached \(presale.units) of \(presale.target) units.", by: curator,
      to: .followers, at: now, in: tx)
    try await FinishPresale.run(ended, in: tx)
    return ended
  }

  static func move(
    _ presale: Presale, to state: Presale.State, reason: String?, by curator: MemberID?,
    at now: Timestamp, in tx: Transaction
  ) async throws -> Presale {
    try await tx.one(
      """
      UPDATE presales SET state = \(state.rawValue), reason = coalesce(\(reason), reason),
        ended_at = coalesce(ended_at, \(now)), ended_by = coalesce(\(curator?.uuid), ended_by)
      WHERE product_id = \(presale.product.uuid) AND number = \(presale.number)
      RETURNING \(Presale.columns)
      """, of: Presale.self)
  }
}
