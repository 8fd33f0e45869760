import Postgres

/// Gives one of a member's votes to an entry, or takes it back.
public enum CastEntryVote {
  public enum Outcome: Sendable {
    /// It is as wished, now or already.
    case standing(Standing)
    case noVotesLeft(of: Int64)
    case ownEntry
    case notTakingPart
    case unknownEntry
    case refused(ChoosingGate.Refusal)
  }

  public struct Standing: Sendable {
    public let isVoted: Bool
    /// Votes that the member may still give in this project.
    public let remaining: Int64
    /// How many of the entry's votes stand; nil while the project hides it.
    public let votes: Int64?
  }

  /// A vote for an entry that was withdrawn stands until it is taken back.
  public static func run(
    _ wished: Bool, for entry: EntryID, by member: MemberID, in id: ProjectID,
    of product: ProductID, at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    let project: Project
    let limit: Int64
    switch try await ChoosingGate.pass(id, of: product, choosing: .votes, at: now, in: tx) {
    case .refused(let refusal): return .refused(refusal)
    case .open(.votes(let rules), let open): (project, limit) = (open, rules.votesPerMember)
    case .open: preconditionFailure("the gate has looked at the way of choosing")
    }
    switch try await ChosenEntry.look(entry, in: project, for: member, tx) {
    case .fit: break
    case .unknown: return .unknownEntry
    case .own: return .ownEntry
    case .notTakingPart: if wished { return .notTakingPart }
    }
    var spent = try await ChooserLimit.hold(member, in: project, limit: limit, tx)
    let isVoted = try await tx.one(
      """
      SELECT EXISTS (SELECT FROM project_votes
                     WHERE product_id = \(product.uuid) AND project_id = \(id.uuid)
                       AND member_id = \(member.uuid) AND entry_id = \(entry.uuid))
      """, as: Bool.self)
    if wished && !isVoted {
      guard spent < limit else { return .noVotesLeft(of: limit) }
      try await cast(for: entry, by: member, in: project, at: now, tx)
      spent += 1
    } else if !wished && isVoted {
      try await takeBack(from: entry, by: member, in: project, tx)
      spent -= 1
    }
    return .standing(
      Standing(
        isVoted: wished, remaining: limit - spent,
        votes: project.hidesTallies ? nil : try await count(entry, of: product, in: tx)))
  }

  /// The entry's count is held from here on: its votes have their places one after the other.
  private static func cast(
    for entry: EntryID, by member: MemberID, in project: Project, at now: Timestamp,
    _ tx: Transaction
  ) async throws {
    try await ChooserLimit.spend(1, of: member, in: project, tx)
    try await tx.execute(
      """
      WITH counted AS (
        INSERT INTO entry_tallies (product_id, entry_id, votes)
        VALUES (\(project.product.uuid), \(entry.uuid), 1)
        ON CONFLICT (product_id, entry_id) DO UPDATE SET votes = entry_tallies.votes + 1
        RETURNING votes)
      INSERT INTO project_votes (product_id, project_id, member_id, entry_id, place, cast_at)
      SELECT \(project.product.uuid), \(project.id.uuid), \(member.uuid), \(entry.uuid), votes,
        \(now)
      FROM counted
      """)
  }

  private static func takeBack(
    from entry: EntryID, by member: MemberID, in project: Project, _ tx: Transaction
  ) async throws {
    try await ChooserLimit.spend(-1, of: member, in: project, tx)
    try await tx.execute(
      """
      WITH gone AS (
        DELETE FROM project_votes
        WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
          AND member_id = \(member.uuid) AND entry_id = \(entry.uuid)
        RETURNING entry_id)
      UPDATE entry_tallies SET votes = votes - 1
      WHERE product_id = \(project.product.uuid) AND entry_id IN (SELECT entry_id FROM gone)
      """)
  }

  private static func count(_ entry: EntryID, of product: ProductID, in tx: Transaction)
    async throws -> Int64
  {
    let votes = try await tx.first(
      """
      SELECT votes FROM entry_tallies
      WHERE product_id = \(product.uuid) AND entry_id = \(entry.uuid)
      """, as: Int64.self)
    return votes ?? 0
  }
}
