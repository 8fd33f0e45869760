import Postgres

/// Records which of the two offered entries a member prefers, or that the member skips the pair.
public enum JudgeDuel {
  public enum Outcome: Sendable {
    /// With what comes next.
    case judged(next: NextDuel.Outcome)
    /// The member has another pair before them, or none: it was judged by an earlier request, or an
    /// entry was withdrawn.
    case notOffered
    case noneLeft(of: Int64)
    /// The winner is neither of the two.
    case winnerOfAnotherPair
    case refused(ChoosingGate.Refusal)
  }

  /// A pair that is skipped counts towards the limit too: nobody skips until a friend comes.
  /// - Parameter winner: nil skips.
  public static func run(
    _ pair: DuelPair, winner: EntryID?, by member: MemberID, in id: ProjectID,
    of product: ProductID, at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    if let winner, winner != pair.left && winner != pair.right { return .winnerOfAnotherPair }
    let project: Project
    let limit: Int64
    switch try await ChoosingGate.pass(id, of: product, choosing: .duels, at: now, in: tx) {
    case .refused(let refusal): return .refused(refusal)
    case .open(.duels(let rules), let open): (project, limit) = (open, rules.duelsPerMember)
    case .open: preconditionFailure("the gate has looked at the way of choosing")
    }
    let spent = try await ChooserLimit.hold(member, in: project, limit: limit, tx)
    guard spent < limit else { return .noneLeft(of: limit) }
    let standing = try await NextDuel.standing(for: member, in: project, tx)
    guard standing?.low == pair.low && standing?.high == pair.high else { return .notOffered }
    try await ChooserLimit.spend(1, of: member, in: project, tx)
    try await tx.execute(
      """
      INSERT INTO duels (product_id, project_id, member_id, low_id, high_id, winner_id, judged_at)
      VALUES (\(product.uuid), \(id.uuid), \(member.uuid), \(pair.low.uuid), \(pair.high.uuid),
              \(winner?.uuid), \(now))
      """)
    if let winner { try await rate(pair, winner: winner, of: product, tx) }
    return .judged(
      next: try await NextDuel.offer(
        to: member, spent: spent + 1, of: limit, in: project, at: now, tx))
  }

  /// Both rows are taken in the order of their ids, so that nobody waits in a circle.
  private static func rate(
    _ pair: DuelPair, winner: EntryID, of product: ProductID, _ tx: Transaction
  ) async throws {
    let ratings = try await tx.all(
      """
      SELECT rating FROM duel_standings
      WHERE product_id = \(product.uuid) AND entry_id IN (\(pair.low.uuid), \(pair.high.uuid))
      ORDER BY entry_id FOR NO KEY UPDATE
      """, as: Int64.self)
    precondition(ratings.count == 2, "a pair is offered of entries that stand in duels")
    let gain =
      winner == pair.low
      ? Elo.gain(winner: ratings[0], loser: ratings[1])
      : -Elo.gain(winner: ratings[1], loser: ratings[0])
    try await tx.execute(
      """
      UPDATE duel_standings SET duels = duels + 1, rating = rating
        + CASE WHEN entry_id = \(pair.low.uuid) THEN \(gain) ELSE -\(gain) END
      WHERE product_id = \(product.uuid) AND entry_id IN (\(pair.low.uuid), \(pair.high.uuid))
      """)
  }
}
