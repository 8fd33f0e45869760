import Postgres

/// Tells voters what was decided about votes of theirs.
enum TellVoters {
  /// A vote that was taken back while it was held is nobody's any more.
  static func run(
    _ decision: DecideSignal.Decision, signal: SignalID, number: Int64, reason: String,
    by decider: MemberID?, at now: Timestamp, in tx: Transaction
  ) async throws {
    guard let words = words(decision, reason) else { return }
    let touched = try await tx.all(
      """
      SELECT e.idea_id, array_agg(e.member_id ORDER BY e.member_id)
      FROM vote_hold_events e JOIN tallies t USING (idea_id)
      WHERE e.signal_id = \(signal.uuid) AND e.number = \(number) AND t.state <> 'duplicate'
        AND (EXISTS (SELECT FROM votes v
                     WHERE v.idea_id = e.idea_id AND v.member_id = e.member_id)
          OR EXISTS (SELECT FROM held_votes h
                     WHERE h.idea_id = e.idea_id AND h.member_id = e.member_id
                       AND NOT h.withdrawn))
      GROUP BY e.idea_id ORDER BY e.idea_id
      """, as: (UUID, [UUID]).self)
    for (idea, members) in touched {
      try await Notify.post(
        .voteHeld, about: IdeaID(uuid: idea), subject: signal.uuid, detail: words, by: decider,
        to: .members(members.map(MemberID.init(uuid:))), at: now, in: tx)
    }
  }

  private static func words(_ decision: DecideSignal.Decision, _ reason: String) -> String? {
    switch decision {
    case .hold: "It is held until a curator has looked at it"
    case .release: "It counts again"
    case .uphold: "It does not count: \(reason)"
    case .dismiss: nil
    }
  }
}
