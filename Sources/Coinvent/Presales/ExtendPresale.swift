import Postgres

/// Lets a presale end later than it said, before it has ended.
public enum ExtendPresale {
  public enum Outcome: Sendable {
    case extended(Presale)
    case none
    /// Its end has come, or it was ended.
    case ended(Presale)
    /// It may only end later.
    case notLater(Presale)
  }

  /// - Throws: `Invalid` for a bad reason.
  public static func run(
    _ product: ProductID, to endsAt: Timestamp, reason: String, by curator: MemberID,
    at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let presale = try await Presale.holdLatest(of: product, in: tx) else { return .none }
    guard presale.state == .open, presale.endsAt > now else { return .ended(presale) }
    guard endsAt > presale.endsAt else { return .notLater(presale) }
    try await tx.execute(
      """
      INSERT INTO presale_extensions (product_id, presale, number, ended_at, ends_at, reason,
                                      changed_by, changed_at)
      SELECT \(product.uuid), \(presale.number), 1 + count(*), \(presale.endsAt), \(endsAt),
        \(reason.trimmed), \(curator.uuid), \(now)
      FROM presale_extensions
      WHERE product_id = \(product.uuid) AND presale = \(presale.number)
      """)
    let extended = try await tx.one(
      """
      UPDATE presales SET ends_at = \(endsAt)
      WHERE product_id = \(product.uuid) AND number = \(presale.number)
      RETURNING \(Presale.columns)
      """, of: Presale.self)
    try await Audit.record(
      "presale_extended", on: "\(product)", reason: reason,
      before: ["ends_at": .string("\(presale.endsAt)")],
      after: ["ends_at": .string("\(endsAt)")], by: curator, at: now, in: tx)
    return .extended(extended)
  }
}
