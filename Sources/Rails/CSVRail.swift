import Coinvent
import EventLoop
import Ledger
import Postgres

/// Pays by a file that a person works through.
public struct CSVRail: Sendable {
  /// A file that is on disk.
  public struct Written: Sendable {
    public let batch: BatchID
    public let path: String
    public let lines: Int
  }

  let folder: String
  let threads: BlockingPool

  public init(folder: String, threads: BlockingPool) {
    self.folder = folder
    self.threads = threads
  }

  /// Puts what waits into a new batch, and writes every batch whose file may be missing.
  public func export(actor: String, now: Timestamp, pool: Pool) async throws -> [Written] {
    while try await pool.transaction({
      try await PayoutBatch.make(actor: actor, now: now, in: $0)
    }) != nil {}
    return try await finish(now: now, pool: pool)
  }

  /// Writes the batches that a crash may have left without a file.
  public func finish(now: Timestamp, pool: Pool) async throws -> [Written] {
    var written: [Written] = []
    for batch in try await PayoutBatch.unwritten(in: pool) {
      written.append(try await write(batch, now: now, pool: pool))
    }
    return written
  }

  /// Writes a batch's file; again gives the same bytes in the same place.
  public func write(_ batch: PayoutBatch, now: Timestamp, pool: Pool) async throws -> Written {
    let payouts = try await batch.payouts(in: pool)
    let name = CSVRail.name(of: batch.id)
    let folder = folder
    try await threads.run {
      try WriteFile.run(Array(CSVRail.text(payouts).utf8), named: name, in: folder)
    }
    try await batch.noteWritten(now: now, in: pool)
    return Written(batch: batch.id, path: folder + "/" + name, lines: payouts.count)
  }

  static func name(of batch: BatchID) -> String { "payouts-\(batch).csv" }

  static let columns = ["id", "member_handle", "display_name", "amount", "currency", "reference"]

  static func text(_ payouts: [Payout]) -> String {
    var text = CSVText.line(columns)
    for payout in payouts {
      text += CSVText.line([
        payout.id.description, payout.handle, payout.name, payout.amount.decimal,
        payout.amount.currency.code, payout.order.reference,
      ])
    }
    return text
  }
}
