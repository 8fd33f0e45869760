import Ledger
import Postgres

/// Erases the members whose time has come, and gives to the house what former members' shares have
/// earned since.
///
/// Any number of workers may do it at once, and each may die at any moment: a member is one
/// transaction, and what it finds done it leaves alone.
public enum DueErasures {
  public struct Report: Sendable, Equatable {
    public var erased = 0
    /// Money arrived or a payout began meanwhile: they are tried again a day later.
    public var waiting = 0
    public var given = 0

    public init() {}

    public var didNothing: Bool { self == Report() }

    public static func += (sum: inout Report, part: Report) {
      sum.erased += part.erased
      sum.waiting += part.waiting
      sum.given += part.given
    }
  }

  /// - Parameter limit: members of each kind in one go; call again while the report is not empty.
  public static func run(at now: Timestamp = .now, limit: Int = 100, in pool: Pool) async throws
    -> Report
  {
    var report = Report()
    let due = try await pool.all(
      """
      SELECT member_id FROM erasures WHERE erased_at IS NULL AND due_at <= \(now)
      ORDER BY due_at LIMIT \(limit)
      """, as: UUID.self)
    for id in due {
      report += try await pool.transaction { tx in
        try await erase(MemberID(uuid: id), at: now, in: tx)
      }
    }
    let rich = try await pool.all(
      """
      SELECT e.member_id FROM erasures e
      JOIN balances b ON b.owner = e.member_id AND b.kind = 'member_payable' AND b.balance > 0
      WHERE e.gives AND e.erased_at IS NOT NULL
      GROUP BY 1 ORDER BY 1 LIMIT \(limit)
      """, as: UUID.self)
    for id in rich {
      try await pool.transaction { tx in
        let member = MemberID(uuid: id)
        for amount in try await Erasure.money(of: member, in: tx).payable {
          try await EraseMember.give(amount, from: member, at: now, in: tx)
        }
      }
      report.given += 1
    }
    return report
  }

  private static func erase(_ member: MemberID, at now: Timestamp, in tx: Transaction)
    async throws -> Report
  {
    var report = Report()
    // The member may have come back, or another worker been faster.
    let isDue = try await tx.first(
      """
      SELECT true FROM erasures WHERE member_id = \(member.uuid) AND erased_at IS NULL
        AND due_at <= \(now) FOR UPDATE
      """, as: Bool.self)
    guard isDue != nil else { return report }
    switch try await EraseMember.run(member, at: now, in: tx) {
    case .asked, .erased: report.erased = 1
    case .moneyWaits, .payoutOpen:
      report.waiting = 1
      try await tx.execute(
        """
        UPDATE erasures SET due_at = \(now + .seconds(86_400)) WHERE member_id = \(member.uuid)
        """)
    }
    return report
  }
}
