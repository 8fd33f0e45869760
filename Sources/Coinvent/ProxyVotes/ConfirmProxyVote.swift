import Postgres

/// The person whom a proxy vote names makes it a vote of their own.
public enum ConfirmProxyVote {
  public enum Outcome: Sendable {
    /// The person's vote stands, for this idea: the original, where the named one was merged.
    case confirmed(IdeaID, CastVotes.Answer)
    case alreadyConfirmed(ProxyVote)
    case rescinded
    /// The vote is not taken; the proxy vote stays as it is.
    case refused(CastVotes.Outcome)
    /// There is none, or it names somebody else.
    case unknown
  }

  /// Addresses are compared without regard to case. Whoever has joined with the address may
  /// confirm: an impostor gains no more than the one vote that every member has.
  public static func run(
    _ id: ProxyVoteID, of idea: IdeaID, by member: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    let held = try await tx.first(
      """
      SELECT \(ProxyVote.columns) FROM proxy_votes
      WHERE idea_id = \(idea.uuid) AND id = \(id.uuid)
        AND lower(email) = (SELECT lower(m.email) FROM members m WHERE m.id = \(member.uuid))
      FOR UPDATE
      """, of: ProxyVote.self)
    guard let vote = held else { return .unknown }
    switch vote.state {
    case .confirmed: return .alreadyConfirmed(vote)
    case .rescinded: return .rescinded
    case .open: break
    }
    let target = try await MergeIdeas.original(of: idea, in: tx) ?? idea
    let wish = CastVotes.Wish(idea: target, member: member, voted: true)
    let answer = try await CastVotes.run([wish], at: now, in: tx)[0]
    guard answer.outcome == .done else { return .refused(answer.outcome) }
    try await tx.execute(
      """
      UPDATE proxy_votes SET confirmed_by = \(member.uuid), confirmed_at = \(now)
      WHERE idea_id = \(idea.uuid) AND id = \(id.uuid)
      """)
    return .confirmed(target, answer)
  }
}
