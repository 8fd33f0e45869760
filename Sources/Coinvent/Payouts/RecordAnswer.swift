import Postgres

/// Writes down what was learnt about a payout: its state, its history, the books and what is due
/// next, in one transaction. Learning the same twice changes nothing.
public struct RecordAnswer: Sendable {
  public enum Outcome: Sendable, Equatable {
    /// It was known already, or says nothing new.
    case repeated(PayoutState)
    case moved(PayoutState)
    /// It contradicts what is recorded; nothing was changed and a person must look.
    case contradicts(PayoutState)
    case noSuchPayout
  }

  let member: MemberID
  let id: PayoutID
  let answer: PayoutAnswer
  let actor: String
  let note: String?
  let now: Timestamp

  /// - Parameter note: for the history, where the answer itself gives no reason
  public init(
    member: MemberID, id: PayoutID, answer: PayoutAnswer, actor: String, note: String? = nil,
    now: Timestamp
  ) {
    self.member = member
    self.id = id
    self.answer = answer
    self.actor = actor
    self.note = note
    self.now = now
  }

  /// - Parameters:
  ///   - again: when to look again if it stays open
  ///   - tries: how often it was tried without success by then
  public func run(again: Duration, tries: Int, in tx: Transaction) async throws -> Outcome {
    guard let payout = try await BeginAttempt.locked(member, id, tx) else { return .noSuchPayout }
    guard let path = payout.state.path(to: answer) else {
      try await explain(payout, "\(actor) reports what contradicts the state \(payout.state)", tx)
      return .contradicts(payout.state)
    }
    let end = path.last ?? payout.state
    let move = MovePayout(actor: actor, note: answer.why ?? note, now: now)
    guard try await move.walk(payout, along: path, in: tx) else { return .repeated(payout.state) }
    if !path.isEmpty || end.isOpen { try await explain(payout, answer.why, tx) }
    if end.isOpen {
      try await PayoutWork.later(id, due: now + again, tries: tries, in: tx)
    } else {
      try await PayoutWork.done(id, in: tx)
    }
    return path.isEmpty ? .repeated(end) : .moved(end)
  }

  private func explain(_ payout: Payout, _ problem: String?, _ tx: Transaction) async throws {
    let isNew = answer.providerID != nil && payout.providerID == nil
    guard problem != payout.problem || isNew else { return }
    try await tx.execute(
      """
      UPDATE payouts SET problem = \(problem),
        provider_id = coalesce(provider_id, \(answer.providerID))
      WHERE member_id = \(member.uuid) AND id = \(id.uuid)
      """)
  }
}
