import Postgres

/// A file of payouts for a person to pay from.
///
/// The batch is committed before its file is written, and the file follows from the batch alone:
/// after a crash in between it is simply written, and writing it twice gives the same bytes.
public struct PayoutBatch: Sendable {
  public let id: BatchID
  public let lines: Int
  public let madeAt: Timestamp
  public let writtenAt: Timestamp?

  /// Puts every payout that waits for the CSV rail into a new batch.
  /// - Returns: nil when there is none.
  public static func make(limit: Int = 50_000, actor: String, now: Timestamp, in tx: Transaction)
    async throws -> PayoutBatch?
  {
    let waiting = try await claim(limit, tx)
    guard !waiting.isEmpty else { return nil }
    let id = BatchID.new(at: now)
    let lines = try await export(waiting, to: id, actor, now, tx)
    guard lines > 0 else { return nil }
    try await tx.execute(
      """
      INSERT INTO payout_batches (id, lines, made_at)
      VALUES (\(id.uuid), \(Int32(lines)), \(now))
      """)
    return PayoutBatch(id: id, lines: lines, madeAt: now, writtenAt: nil)
  }

  private static func claim(_ limit: Int, _ tx: Transaction) async throws -> [(UUID, UUID)] {
    try await tx.all(
      """
      DELETE FROM payout_work WHERE payout_id IN (
        SELECT payout_id FROM payout_work
        WHERE rail = 'csv'
        ORDER BY due_at
        LIMIT \(limit)
        FOR UPDATE SKIP LOCKED)
      RETURNING member_id, payout_id
      """, as: (UUID, UUID).self)
  }

  private static func export(
    _ waiting: [(UUID, UUID)], to batch: BatchID, _ actor: String, _ now: Timestamp,
    _ tx: Transaction
  ) async throws -> Int {
    try await tx.execute(
      """
      WITH moved AS (
        UPDATE payouts p
        SET state = 'exported', step = step + 1, batch_id = \(batch.uuid), changed_at = \(now)
        FROM unnest(\(waiting.map(\.0))::uuid[], \(waiting.map(\.1))::uuid[]) AS w (member_id, id)
        WHERE p.member_id = w.member_id AND p.id = w.id AND p.state = 'requested'
        RETURNING p.member_id, p.id, p.step)
      INSERT INTO payout_events
        (member_id, payout_id, number, rail, from_state, to_state, actor, note, at)
      SELECT member_id, id, step, 'csv', 'requested', 'exported', \(actor),
        \(batch.description), \(now)
      FROM moved
      """)
  }

  /// Batches whose file may be missing.
  public static func unwritten(in db: some Queryable) async throws -> [PayoutBatch] {
    try await db.all(
      "SELECT \(columns) FROM payout_batches WHERE written_at IS NULL ORDER BY id",
      of: PayoutBatch.self)
  }

  public static func find(_ id: BatchID, in db: some Queryable) async throws -> PayoutBatch? {
    try await db.first(
      "SELECT \(columns) FROM payout_batches WHERE id = \(id.uuid)", of: PayoutBatch.self)
  }

  /// Its payouts, whatever became of them since.
  public func payouts(in db: some Queryable) async throws -> [Payout] {
    try await db.all(
      "SELECT \(Payout.columns) FROM payouts WHERE batch_id = \(id.uuid) ORDER BY id",
      of: Payout.self)
  }

  /// Notes that the file is on disk.
  public func noteWritten(now: Timestamp, in db: some Queryable) async throws {
    try await db.execute(
      """
      UPDATE payout_batches SET written_at = \(now)
      WHERE id = \(id.uuid) AND written_at IS NULL
      """)
  }
}

extension PayoutBatch: RowDecodable {
  static let columns: Query = "id, lines, made_at, written_at"

  public init(row: inout RowReader) throws {
    id = BatchID(uuid: try row.next())
    lines = Int(try row.next(Int32.self))
    madeAt = try row.next()
    writtenAt = try row.next()
  }
}
