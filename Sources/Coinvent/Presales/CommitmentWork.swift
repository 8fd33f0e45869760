import Postgres

/// What one worker holds to work on.
public struct CommitmentClaim: Sendable {
  public let product: ProductID
  public let id: CommitmentID
  /// How often it was tried since the last success.
  public let tries: Int
}

/// The leases of one worker on charges and refunds. A lease that is not renewed runs out.
public struct CommitmentLeases: Sendable {
  public let worker: UUID
  public let length: Duration

  public init(worker: UUID, length: Duration = .seconds(60)) {
    self.worker = worker
    self.length = length
  }

  /// Takes up to `limit` that are due and that no living worker holds.
  public func claim(limit: Int, now: Timestamp, in db: some Queryable) async throws
    -> [CommitmentClaim]
  {
    let rows = try await db.all(
      """
      UPDATE commitment_work SET worker = \(worker), leased_until = \(now + length)
      WHERE commitment_id IN (
        SELECT commitment_id FROM commitment_work
        WHERE due_at <= \(now) AND (leased_until IS NULL OR leased_until < \(now))
        ORDER BY due_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
      RETURNING product_id, commitment_id, tries
      """, as: (UUID, UUID, Int32).self)
    return rows.map { product, id, tries in
      CommitmentClaim(
        product: ProductID(uuid: product), id: CommitmentID(uuid: id), tries: Int(tries))
    }
  }

  /// The heartbeat.
  public func renew(now: Timestamp, in db: some Queryable) async throws {
    try await db.execute(
      "UPDATE commitment_work SET leased_until = \(now + length) WHERE worker = \(worker)")
  }

  public func release(in db: some Queryable) async throws {
    try await db.execute(
      """
      UPDATE commitment_work SET worker = NULL, leased_until = NULL WHERE worker = \(worker)
      """)
  }
}

/// Puts charges and refunds on the list of what is to be done, and takes them off it.
public enum CommitmentWork {
  static func add(
    _ id: CommitmentID, of product: ProductID, due: Timestamp, in db: some Queryable
  ) async throws {
    try await db.execute(
      """
      INSERT INTO commitment_work (commitment_id, product_id, due_at)
      VALUES (\(id.uuid), \(product.uuid), \(due))
      ON CONFLICT (commitment_id) DO UPDATE
        SET due_at = excluded.due_at, tries = 0, worker = NULL, leased_until = NULL
      """)
  }

  /// All of a presale that stand in a state.
  static func addAll(
    of presale: Presale, in state: CommitmentState, due: Timestamp, tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO commitment_work (commitment_id, product_id, due_at)
      SELECT id, product_id, \(due) FROM commitments
      WHERE product_id = \(presale.product.uuid) AND presale = \(presale.number)
        AND state = \(state.rawValue)
      ON CONFLICT (commitment_id) DO UPDATE
        SET due_at = excluded.due_at, tries = 0, worker = NULL, leased_until = NULL
      """)
  }

  static func later(_ id: CommitmentID, due: Timestamp, tries: Int, in db: some Queryable)
    async throws
  {
    try await db.execute(
      """
      UPDATE commitment_work
      SET due_at = \(due), tries = \(Int32(clamping: tries)), worker = NULL, leased_until = NULL
      WHERE commitment_id = \(id.uuid)
      """)
  }

  static func done(_ id: CommitmentID, in db: some Queryable) async throws {
    try await db.execute("DELETE FROM commitment_work WHERE commitment_id = \(id.uuid)")
  }

  /// How many wait, due or not; when the first is due, and when one is due and free.
  public static func figures(in db: some Queryable) async throws
    -> (waiting: Int, due: Timestamp?, free: Timestamp?)
  {
    let (waiting, due, free) = try await db.one(
      "SELECT count(*), min(due_at), min(greatest(due_at, leased_until)) FROM commitment_work",
      as: (Int64, Timestamp?, Timestamp?).self)
    return (Int(waiting), due, free)
  }
}
