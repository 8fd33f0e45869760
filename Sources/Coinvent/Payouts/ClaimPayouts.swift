import Postgres

/// What one worker holds to work on.
public struct PayoutClaim: Sendable {
  public let member: MemberID
  public let id: PayoutID
  /// How often it was tried since the last success.
  public let tries: Int
}

/// The leases of one worker. A lease that is not renewed runs out, and another worker goes on.
public struct PayoutLeases: Sendable {
  public let worker: UUID
  public let length: Duration

  public init(worker: UUID, length: Duration = .seconds(60)) {
    self.worker = worker
    self.length = length
  }

  /// Takes up to `limit` due payouts that no living worker holds.
  public func claim(limit: Int, now: Timestamp, in db: some Queryable) async throws -> [PayoutClaim]
  {
    let rows = try await db.all(
      """
      UPDATE payout_work SET worker = \(worker), leased_until = \(now + length)
      WHERE payout_id IN (
        SELECT payout_id FROM payout_work
        WHERE rail = 'provider' AND due_at <= \(now)
          AND (leased_until IS NULL OR leased_until < \(now))
        ORDER BY due_at
        LIMIT \(limit)
        FOR UPDATE SKIP LOCKED)
      RETURNING member_id, payout_id, tries
      """, as: (UUID, UUID, Int32).self)
    return rows.map { member, id, tries in
      PayoutClaim(member: MemberID(uuid: member), id: PayoutID(uuid: id), tries: Int(tries))
    }
  }

  /// The heartbeat: holds everything for another lease.
  public func renew(now: Timestamp, in db: some Queryable) async throws {
    try await db.execute(
      "UPDATE payout_work SET leased_until = \(now + length) WHERE worker = \(worker)")
  }

  /// Lets go of everything at once, so that nobody waits for the leases of a worker that ended.
  public func release(in db: some Queryable) async throws {
    try await db.execute(
      """
      UPDATE payout_work SET worker = NULL, leased_until = NULL WHERE worker = \(worker)
      """)
  }
}

/// Puts a payout off, or takes it off the list, and lets go of it.
enum PayoutWork {
  static func later(_ payout: PayoutID, due: Timestamp, tries: Int, in db: some Queryable)
    async throws
  {
    try await db.execute(
      """
      UPDATE payout_work
      SET due_at = \(due), tries = \(Int32(clamping: tries)), worker = NULL, leased_until = NULL
      WHERE payout_id = \(payout.uuid)
      """)
  }

  static func done(_ payout: PayoutID, in db: some Queryable) async throws {
    try await db.execute("DELETE FROM payout_work WHERE payout_id = \(payout.uuid)")
  }
}

/// When anything is due next: for workers that sleep, and for a drain that may wait a little.
public enum DuePayouts {
  public struct Figures: Sendable {
    /// Everything that waits for the provider rail, due or not.
    public let waiting: Int
    /// When the first of it is due; it may be held by a worker, living or dead.
    public let due: Timestamp?
    /// When the first of it is both due and free, unless its holder lets go earlier.
    public let free: Timestamp?
  }

  public static func figures(in db: some Queryable) async throws -> Figures {
    let (waiting, due, free) = try await db.one(
      """
      SELECT count(*), min(due_at), min(greatest(due_at, leased_until))
      FROM payout_work WHERE rail = 'provider'
      """, as: (Int64, Timestamp?, Timestamp?).self)
    return Figures(waiting: Int(waiting), due: due, free: free)
  }
}
