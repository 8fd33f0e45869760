import Postgres

/// Takes a proxy vote back that its person has not confirmed.
public enum RescindProxyVote {
  public enum Outcome: Sendable {
    case alreadyRescinded(ProxyVote)
    case rescinded(ProxyVote)
    /// It is the person's own vote now, for nobody else to take back.
    case confirmed(ProxyVote)
    case unknown
  }

  public static func run(
    _ id: ProxyVoteID, of idea: IdeaID, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    let changed = try await tx.execute(
      """
      UPDATE proxy_votes SET rescinded_by = \(curator.uuid), rescinded_at = \(now)
      WHERE idea_id = \(idea.uuid) AND id = \(id.uuid)
        AND rescinded_at IS NULL AND confirmed_at IS NULL
      """)
    guard let vote = try await ProxyVote.find(id, of: idea, in: tx) else { return .unknown }
    if changed == 1 { return .rescinded(vote) }
    return vote.state == .confirmed ? .confirmed(vote) : .alreadyRescinded(vote)
  }
}
