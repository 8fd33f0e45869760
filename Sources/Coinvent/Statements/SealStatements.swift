import Postgres

/// Keeps the SHA-256 of every statement that was published.
///
/// A step of its own behind the publication, so that nobody waits for hashes to see a statement.
/// Killed, it goes on where it was.
public enum SealStatements {
  public struct Progress: Sendable {
    public let period: String
    public let version: Int
    public let sealed: Int64
    public let of: Int64
  }

  /// Statements in memory at once, for each connection.
  private static let batch = 1000

  private static let lock: Int64 = 0x636f_696e_0012

  /// - Returns: how many have theirs now that had none; nil when another one is at it, which does
  ///   the same work.
  public static func run(in pool: Pool, progress: @Sendable (Progress) -> Void = { _ in })
    async throws -> Int?
  {
    // Workers ask often, and most of the time there is nothing to do.
    if try await waiting(in: pool).isEmpty { return 0 }
    return try await SettlementLock.run(pool, key: lock) { session in
      let jobs = SettlementJobs(pool: pool, session: session)
      var sealed = 0
      // The planner knows nothing of what was written a moment ago.
      try await session.execute("ANALYZE statement_balances, statement_movements")
      for (name, version, made) in try await waiting(in: session) {
        guard let period = try await Period.find(name, in: session) else { continue }
        let facts = try await StatementFacts.load(
          period, version: Int(version), products: nil, in: session)
        var after = UUID.zero
        let before = try await session.one(
          """
          SELECT count(*) FROM statement_seals
          WHERE period_id = \(period.id.uuid) AND version = \(version)
          """, as: Int64.self)
        var left = made - before
        while let last = try await round(facts, after: after, jobs, &left) {
          after = last
          progress(Progress(period: name, version: Int(version), sealed: made - left, of: made))
        }
        sealed += Int(made - before - left)
        try await finish(facts, in: session)
      }
      return sealed
    }
  }

  /// Publications that members see, and some of whose statements have no SHA-256 yet.
  private static func waiting(in db: some Queryable) async throws -> [(String, Int32, Int64)] {
    try await db.all(
      """
      SELECT p.name, u.version, u.made FROM publications u JOIN periods p ON p.id = u.period_id
      WHERE NOT u.sealed AND u.done_at IS NOT NULL ORDER BY p.number, u.version
      """, as: (String, Int32, Int64).self)
  }

  /// Some more on every connection, in the order of members.
  /// - Returns: the last of them; nil when there are no more.
  private static func round(
    _ facts: StatementFacts, after: UUID, _ jobs: SettlementJobs, _ left: inout Int64
  ) async throws -> UUID? {
    let (period, version) = (facts.period.id.uuid, Int32(facts.version))
    let members = try await jobs.session.all(
      """
      SELECT b.member_id, min(b.made_at) FROM statement_balances b
      WHERE b.period_id = \(period) AND b.version = \(version) AND b.member_id > \(after)
        AND NOT EXISTS (
          SELECT FROM statement_seals s
          WHERE s.period_id = \(period) AND s.version = \(version) AND s.member_id > \(after)
            AND s.member_id = b.member_id)
      GROUP BY b.member_id ORDER BY b.member_id LIMIT \(Int64(batch * jobs.count))
      """, as: (UUID, Timestamp).self)
    guard let last = members.last else { return nil }
    let batches = stride(from: 0, to: members.count, by: batch).map {
      Array(members[$0..<min($0 + batch, members.count)])
    }
    let queue = WorkQueue(count: batches.count)
    try await jobs.run(atMost: batches.count) { session in
      while let number = queue.next() { try await seal(batches[number], facts, in: session) }
    }
    left -= Int64(members.count)
    return last.0
  }

  private static func seal(
    _ members: [(id: UUID, madeAt: Timestamp)], _ facts: StatementFacts, in session: Session
  ) async throws {
    let made = try await ReadStatements.run(members, facts, in: session)
    try await session.execute(
      """
      INSERT INTO statement_seals (member_id, period_id, version, sha256)
      SELECT member_id, \(facts.period.id.uuid), \(Int32(facts.version)), sha256
      FROM unnest(\(made.map(\.member.uuid))::uuid[],
                  \(made.map(\.statement.sha256))::bytea[]) AS made (member_id, sha256)
      """)
  }

  private static func finish(_ facts: StatementFacts, in session: Session) async throws {
    try await session.execute(
      """
      UPDATE publications SET sealed = true
      WHERE period_id = \(facts.period.id.uuid) AND version = \(Int32(facts.version))
      """)
    try await session.execute("ANALYZE statement_seals")
  }
}
