import JSON
import Postgres

/// Takes an influence event back by another one; both stay readable, and shares that are proposed
/// afterwards go without them.
public enum RevokeContribution {
  public enum Outcome: Sendable {
    /// It was taken back before, by this event.
    case alreadyRevoked(ContributionID)
    case revoked(ContributionID)
    case unknownProduct
    case unknownContribution
    /// It takes another one back itself; what that one was for is recorded again instead.
    case isRevocation
  }

  /// - Throws: `Invalid` for the reason.
  public static func run(
    _ id: ContributionID, of product: ProductID, reason: String, by curator: MemberID?,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = reason.trimmed.fault(1...500, lines: true) { throw Invalid("/reason", fault) }
    guard try await AddEvents.hold(product, in: tx) else { return .unknownProduct }
    let found = try await tx.first(
      """
      SELECT e.revokes IS NOT NULL, r.id
      FROM influence_events e LEFT JOIN influence_events r
        ON r.product_id = e.product_id AND r.revokes = e.id
      WHERE e.product_id = \(product.uuid) AND e.id = \(id.uuid)
      """, as: (Bool, UUID?).self)
    guard let (isRevocation, known) = found else { return .unknownContribution }
    if isRevocation { return .isRevocation }
    if let known { return .alreadyRevoked(ContributionID(uuid: known)) }
    let event = ContributionID.new(at: now)
    try await tx.execute(
      """
      INSERT INTO influence_events
        (product_id, id, member_id, slice, role, weight, spread, place, value, target, evidence,
         occurred_at, recorded_by, revokes)
      SELECT product_id, \(event.uuid), member_id, slice, role, weight, spread, place, value,
        target, \(reason.trimmed), \(now), \(curator?.uuid), id
      FROM influence_events WHERE product_id = \(product.uuid) AND id = \(id.uuid)
      """)
    try await Audit.record(
      "contribution_revoked", on: id.description, reason: reason,
      after: ["event": .string(event.description)], by: curator, at: now, in: tx)
    return .revoked(event)
  }
}
