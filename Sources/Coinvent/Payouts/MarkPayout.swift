import Ledger
import Postgres

/// What the person who pays reports.
public enum PayoutMark: String, Sendable, CaseIterable {
  case paid, failed, returned
}

/// How marking a payout ended.
public enum MarkPayoutOutcome: Sendable, Equatable {
  case repeated
  case marked
  case noSuchPayout
  /// The file speaks of another amount: nothing was changed.
  case otherAmount(Amount)
  /// It cannot become that from where it stands.
  case notPossible(from: PayoutState)
}

/// Records by hand that a payout was paid, failed, or came back: for the CSV rail, and for a
/// payout of the provider whose outcome only a person could find out.
public struct MarkPayout: Sendable {
  let id: PayoutID
  let mark: PayoutMark
  let amount: Amount?
  let note: String?
  let actor: String
  let now: Timestamp

  /// - Parameter amount: what the file says, to be compared; nil when it says nothing
  public init(
    id: PayoutID, mark: PayoutMark, amount: Amount? = nil, note: String? = nil, actor: String,
    now: Timestamp
  ) {
    self.id = id
    self.mark = mark
    self.amount = amount
    self.note = note
    self.actor = actor
    self.now = now
  }

  public func run(in tx: Transaction) async throws -> MarkPayoutOutcome {
    guard let found = try await FindPayout.run(id, in: tx) else { return .noSuchPayout }
    if let amount, amount != found.amount { return .otherAmount(found.amount) }
    let answer = answer(found.state)
    guard found.state.path(to: answer) != nil else { return .notPossible(from: found.state) }
    let record = RecordAnswer(
      member: found.member, id: id, answer: answer, actor: actor, note: note, now: now)
    switch try await record.run(again: .zero, tries: 0, in: tx) {
    case .moved: return .marked
    case .repeated: return .repeated
    case .contradicts(let state): return .notPossible(from: state)
    case .noSuchPayout: return .noSuchPayout
    }
  }

  private func answer(_ state: PayoutState) -> PayoutAnswer {
    let why = note ?? "marked \(mark.rawValue) by hand"
    switch mark {
    case .paid: return .paid(providerID: nil)
    case .returned: return .returned(providerID: nil, why: why)
    case .failed:
      return state == .submitting ? .refused(why: why) : .failed(providerID: nil, why: why)
    }
  }
}
