import Postgres

/// Writes down what was learnt about a charge or a refund: the state, the history, the books, the
/// sale, the influence and what is due next, in one transaction. Learning the same twice changes
/// nothing.
public struct RecordCharge: Sendable {
  public enum Outcome: Sendable, Equatable {
    /// It was known already, or says nothing new.
    case repeated(CommitmentState)
    case moved(CommitmentState)
    /// It contradicts what is recorded; nothing was changed and a person must look.
    case contradicts(CommitmentState)
    case unknown
  }

  /// Who says it.
  public enum Reporter: Sendable { case provider, finance }

  let product: ProductID
  let id: CommitmentID
  let charge: Int?
  let answer: ChargeAnswer
  let reporter: Reporter
  let note: String?
  let now: Timestamp

  /// - Parameter charge: which of the commitment's charges it is about; nil: the one under way
  public init(
    product: ProductID, id: CommitmentID, charge: Int?, answer: ChargeAnswer,
    reporter: Reporter = .provider, note: String? = nil, now: Timestamp
  ) {
    self.product = product
    self.id = id
    self.charge = charge
    self.answer = answer
    self.reporter = reporter
    self.note = note
    self.now = now
  }

  /// - Parameters:
  ///   - again: when to look again if it stays open
  ///   - tries: how often it was tried without success by then
  public func run(again: Duration = .zero, tries: Int = 0, in tx: Transaction) async throws
    -> Outcome
  {
    // In the order in which everybody takes them: the gate, the product, the presale, the row.
    try await SettlementGate.pass(in: tx)
    guard try await AddEvents.hold(product, in: tx),
      let found = try await Commitment.find(id, of: product, in: tx)
    else { return .unknown }
    let presale = try await Presale.hold(product, found.presale, in: tx)
    guard let commitment = try await Commitment.hold(id, of: product, in: tx) else {
      return .unknown
    }
    if let charge, charge != commitment.charge { return .repeated(commitment.state) }
    guard let path = commitment.state.path(to: answer) else {
      try await explain("the provider reports what contradicts \(commitment.state.rawValue)", tx)
      try await later(commitment.state, again, tries, tx)
      return .contradicts(commitment.state)
    }
    var standing = commitment
    let move = MoveCommitment(
      actor: reporter == .finance ? .finance : .provider, note: note ?? answer.why, now: now)
    for state in path {
      guard let moved = try await move.step(standing, to: state, in: tx) else {
        preconditionFailure("commitment \(id) was moved inside a transaction that holds it")
      }
      standing = moved
    }
    try await explain(answer.why, tx)
    try await later(standing.state, again, tries, tx)
    guard !path.isEmpty else { return .repeated(standing.state) }
    try await follow(standing, presale, tx)
    return .moved(standing.state)
  }

  private func explain(_ problem: String?, _ tx: Transaction) async throws {
    try await tx.execute(
      """
      UPDATE commitments SET problem = \(problem),
        provider_id = coalesce(provider_id, \(answer.providerID))
      WHERE product_id = \(product.uuid) AND id = \(id.uuid)
        AND (problem IS DISTINCT FROM \(problem)
             OR (provider_id IS NULL AND \(answer.providerID)::text IS NOT NULL))
      """)
  }

  private func later(
    _ state: CommitmentState, _ again: Duration, _ tries: Int, _ tx: Transaction
  ) async throws {
    switch state {
    case .charging, .refunding:
      try await CommitmentWork.later(id, due: now + again, tries: tries, in: tx)
    case .refundDue: break
    case .committed, .declined, .captured, .refunded, .cancelled, .released:
      try await CommitmentWork.done(id, in: tx)
    }
  }

  /// What else a new state means: whom to tell, and whether a stopped presale wants it back.
  private func follow(_ commitment: Commitment, _ presale: Presale, _ tx: Transaction) async throws
  {
    switch commitment.state {
    case .declined where presale.state == .refunding:
      let move = MoveCommitment(actor: .worker, note: presale.reason, now: now)
      _ = try await move.step(commitment, to: .released, in: tx)
    case .captured where presale.state == .refunding:
      let move = MoveCommitment(actor: .worker, note: presale.reason, now: now)
      _ = try await move.step(commitment, to: .refundDue, in: tx)
      try await CommitmentWork.add(id, of: product, due: now, in: tx)
    case .captured:
      try await tell(
        commitment, "\(commitment.amount) was charged for \(commitment.units) units.", tx)
    case .declined:
      let until = commitment.methodUntil?.description ?? ""
      try await tell(
        commitment, "The payment was declined. Give another payment method until \(until).", tx)
    case .refunded: try await tell(commitment, "\(commitment.amount) went back.", tx)
    case .committed, .charging, .refundDue, .refunding, .cancelled, .released: break
    }
    try await FinishPresale.run(presale, in: tx)
  }

  private func tell(_ commitment: Commitment, _ detail: String, _ tx: Transaction) async throws {
    try await Notify.post(
      .presale, about: IdeaID(uuid: product.uuid), subject: id.uuid, detail: detail, by: nil,
      to: .members([commitment.member]), at: now, in: tx)
  }
}
