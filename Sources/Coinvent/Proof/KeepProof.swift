import Postgres

/// What `coinvent settle`, `coinvent proof seal` and workers do for the chain: they chain and seal
/// what is final, keep the hashes of statements, and sign where the chain ends.
public enum KeepProof {
  public struct Report: Sendable, Equatable {
    /// Settlements and steps of payouts of times before there was a chain.
    public var chained = 0
    public var sealed = 0
    /// Statements whose hashes were kept now.
    public var statements = 0
    /// The size that was signed now.
    public var signed: Int64?

    public init() {}
    public var didNothing: Bool { self == Report() }
  }

  /// - Parameters:
  ///   - key: nil signs nothing.
  ///   - patience: how old the last checkpoint may be while only payouts follow it.
  ///   - everything: also looks for payouts that are not chained, which reads all their steps.
  public static func run(
    key: SealingKey?, patience: Duration = .zero, everything: Bool = false, in pool: Pool,
    progress: (SettlementID) -> Void = { _ in },
    told: @Sendable (SealStatements.Progress) -> Void = { _ in }
  ) async throws -> Report {
    var report = Report()
    report.chained = try await chainSettlements(in: pool)
    if everything { report.chained += try await ChainPayouts.run(in: pool) }
    for id in try await unsealed(in: pool) {
      progress(id)
      if case .sealed = try await SealSettlement.run(id, in: pool) { report.sealed += 1 }
    }
    report.statements = try await SealStatements.run(in: pool, progress: told) ?? 0
    guard let key else { return report }
    let isDue = !report.didNothing ? true : try await isOld(key, patience, in: pool)
    if isDue, case .signed(let point) = try await SignCheckpoint.run(key, in: pool) {
      report.signed = point.size
    }
    return report
  }

  private static func chainSettlements(in pool: Pool) async throws -> Int {
    let ids = try await pool.all(
      """
      SELECT s.id FROM settlements s
      WHERE s.done_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM proof_entries e WHERE e.kind = 'settlement' AND e.thing = s.id)
      ORDER BY s.planned_at
      """, as: UUID.self)
    for id in ids {
      try await pool.transaction { try await ChainSettlement.run(SettlementID(uuid: id), in: $0) }
    }
    return ids.count
  }

  static func unsealed(in db: some Queryable) async throws -> [SettlementID] {
    try await db.all(
      """
      SELECT s.id FROM settlements s
      WHERE s.done_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM proof_entries e WHERE e.kind = 'lines' AND e.thing = s.id)
      ORDER BY s.planned_at
      """, as: UUID.self
    ).map(SettlementID.init(uuid:))
  }

  private static func isOld(_ key: SealingKey, _ patience: Duration, in pool: Pool) async throws
    -> Bool
  {
    try await pool.one(
      """
      SELECT coalesce(max(signed_at), '-infinity') + \(patience) <= clock_timestamp()
      FROM proof_checkpoints WHERE public_key = \(key.publicKey.bytes)
      """, as: Bool.self)
  }
}
