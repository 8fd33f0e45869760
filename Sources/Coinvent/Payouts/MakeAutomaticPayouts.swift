import Ledger
import Postgres

/// Makes a payout for every member with enough payable and nothing open, each in a transaction of
/// its own: a crash in between loses nothing, and the next run goes on.
public struct MakeAutomaticPayouts: Sendable {
  let policy: PayoutPolicy
  let now: Timestamp
  private static let page = 500
  private static let atOnce = 4

  public init(policy: PayoutPolicy, now: Timestamp) {
    self.policy = policy
    self.now = now
  }

  /// - Returns: how many were made.
  public func run(in pool: Pool) async throws -> Int {
    guard policy.automatic else { return 0 }
    var made = 0
    var last = Candidate.first
    while true {
      let candidates = try await candidates(after: last, pool)
      made += try await make(candidates, pool)
      guard let end = candidates.last, candidates.count == MakeAutomaticPayouts.page else {
        return made
      }
      last = end
    }
  }

  struct Candidate: RowDecodable, Sendable {
    let member: UUID
    let code: String

    static let first = Candidate(member: UUID(high: 0, low: 0), code: "")

    init(member: UUID, code: String) {
      self.member = member
      self.code = code
    }

    init(row: inout RowReader) throws {
      member = try row.next()
      code = try row.next()
    }
  }

  private func candidates(after last: Candidate, _ db: some Queryable) async throws -> [Candidate] {
    try await db.all(
      """
      SELECT b.owner, b.currency
      FROM balances b
      JOIN members m ON m.id = b.owner
      LEFT JOIN payout_settings s ON s.member_id = b.owner
      WHERE b.kind = 'member_payable' AND b.balance >= \(policy.minimum)
        AND (b.owner, b.currency) > (\(last.member), \(last.code))
        AND s.held_because IS NULL
        AND NOT EXISTS (SELECT FROM payouts p
          WHERE p.member_id = b.owner AND p.currency = b.currency AND p.open)
        AND NOT \(StoppedPayouts.exist(member: "b.owner", currency: "b.currency"))
      ORDER BY b.owner, b.currency
      LIMIT \(MakeAutomaticPayouts.page)
      """, of: Candidate.self)
  }

  private func make(_ candidates: [Candidate], _ pool: Pool) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      var made = 0
      for (index, candidate) in candidates.enumerated() {
        if index >= MakeAutomaticPayouts.atOnce { made += try await group.next() ?? 0 }
        group.addTask { try await make(candidate, pool) }
      }
      for try await one in group { made += one }
      return made
    }
  }

  private func make(_ candidate: Candidate, _ pool: Pool) async throws -> Int {
    guard let currency = Currency(candidate.code) else { return 0 }
    let request = RequestPayout(
      member: MemberID(uuid: candidate.member), wanted: .everything(currency), origin: .automatic,
      actor: "worker", policy: policy, now: now)
    let outcome = try await pool.transaction { try await request.run(in: $0) }
    switch outcome {
    case .requested: return 1
    case .repeated, .otherRequest, .noSuchMember, .alreadyOpen, .stopped, .held, .notWholeUnits,
      .belowMinimum, .moreThanPayable:
      return 0  // something changed since the list was read
    }
  }
}
