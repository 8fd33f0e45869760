import Postgres
import Synchronization

/// Fills an empty database with a synthetic world, for load tests and demonstrations.
///
/// The same plan makes the same rows. All but the settlements is one transaction: when it is
/// stopped in the middle, the database is as empty as before.
public enum Generate {
  /// Told a table, its rows so far and how many there will be; about ten times for each table.
  public typealias Progress = @Sendable (String, Int, Int) -> Void

  public enum Outcome: Sendable {
    case generated(tokens: [String])
    /// There is somebody already: the table and its rows.
    case notEmpty(String)
  }

  /// Passes on every tenth part, each once.
  final class Report: Sendable {
    private let progress: Progress
    private let last = Mutex((table: "", tenth: -1))

    init(progress: @escaping Progress) { self.progress = progress }

    func callAsFunction(_ table: String, _ count: Int, _ all: Int) {
      let now = (table: table, tenth: count * 10 / max(1, all))
      let isNew = last.withLock { last in
        if last == now { return false }
        last = now
        return true
      }
      if isNew { progress(table, count, all) }
    }
  }

  /// - Parameter tokens: for so many members a token is made; their texts come back.
  public static func run(
    _ plan: WorldPlan, tokens: Int = 0, pool: Pool, progress: @escaping Progress = { _, _, _ in }
  ) async throws -> Outcome {
    let report = Report(progress: progress)
    for table in ["members", "sale_lines", "transfers"] {
      let query: Query = "SELECT EXISTS (SELECT FROM \(unsafeSQL: table))"
      if try await pool.one(query, as: Bool.self) { return .notEmpty(table) }
    }
    let texts = try await pool.transaction { tx in
      try await tx.execute("SET LOCAL statement_timeout = 0")
      let made = try await community(plan, tokens: tokens, report, in: tx)
      try await books(plan, report, in: tx)
      return made
    }
    try await pool.session { try await $0.execute("ANALYZE") }
    try await settle(plan, pool: pool, report)
    return .generated(tokens: texts)
  }

  private static func community(
    _ plan: WorldPlan, tokens: Int, _ report: Report, in tx: Transaction
  ) async throws -> [String] {
    let community = GenerateCommunity(plan: plan, report: report)
    try await community.members(in: tx)
    let texts = try await GenerateTokens(plan: plan, count: tokens).run(in: tx)
    // A table that waits for deferred checks cannot be altered.
    try await tx.execute("SET CONSTRAINTS ALL IMMEDIATE")
    try await tx.execute("ALTER TABLE ideas DISABLE TRIGGER ideas_open_tallies")
    try await BareTables.during(["idea_texts"], in: tx) {
      try await community.ideas(in: tx)
    }
    try await tx.execute("ALTER TABLE ideas ENABLE TRIGGER ideas_open_tallies")
    try await BareTables.during(["votes", "tallies"], in: tx) {
      try await community.votes(in: tx)
    }
    return texts
  }

  private static func books(_ plan: WorldPlan, _ report: Report, in tx: Transaction) async throws {
    if plan.products == 0 { return }
    let books = GenerateBooks(plan: plan, report: report)
    try await books.products(in: tx)
    // Disputes point at versions of shares, which are few.
    let tables = ["influence_events", "shares", "share_totals", "sale_lines"]
    try await BareTables.during(tables, in: tx) {
      try await books.shares(in: tx)
      try await books.sales(in: tx)
    }
  }

  /// By the same settlement as real sales: its books need no proof of their own.
  private static func settle(_ plan: WorldPlan, pool: Pool, _ report: Report) async throws {
    for period in 0..<plan.settlements {
      let last = 365 * (period + 1) / plan.settlements
      _ = try await Settle.run(through: WorldPlan.ends.day.adding(days: last), pool: pool)
      report("settlements", period + 1, plan.settlements)
    }
  }

  /// The text form of the ideas that are open for votes.
  public static func openIdeas(_ plan: WorldPlan) -> some Sequence<String> {
    (0..<plan.ideas).lazy.filter { plan.state(of: $0) == .open }
      .map { IdeaID(uuid: plan.idea($0)).description }
  }
}
