import Ledger
import Postgres

/// How a request for a payout ended.
public enum RequestPayoutOutcome: Sendable {
  /// The same key came before, for the same: this is what it made then.
  case repeated(Payout)
  case requested(Payout)
  /// The same key came before, for something else.
  case otherRequest
  case noSuchMember
  /// Automatic payouts wait until nothing of this currency is open.
  case alreadyOpen
  /// The last one failed or came back: automatic payouts wait for the member.
  case stopped
  case held(because: String)
  case notWholeUnits
  case belowMinimum(Amount)
  case moreThanPayable(Amount)
}

/// Reserves money for a payout and puts it to work, in one transaction.
///
/// The locked balance decides, so that six requests at once for a fifth of it make five payouts.
public struct RequestPayout: Sendable {
  public enum Wanted: Sendable, Equatable {
    /// All that can be paid in whole minor units.
    case everything(Currency)
    case exactly(Amount)

    var currency: Currency {
      switch self {
      case .everything(let currency): currency
      case .exactly(let amount): amount.currency
      }
    }
  }

  let member: MemberID
  let wanted: Wanted
  let key: String?
  let origin: PayoutOrigin
  let actor: String
  let policy: PayoutPolicy
  let now: Timestamp

  /// - Parameters:
  ///   - key: the caller's own name for this request; the same again makes no second payout
  ///   - actor: who asks, for the history
  public init(
    member: MemberID, wanted: Wanted, key: String? = nil, origin: PayoutOrigin = .requested,
    actor: String, policy: PayoutPolicy = .standard, now: Timestamp
  ) {
    self.member = member
    self.wanted = wanted
    self.key = key
    self.origin = origin
    self.actor = actor
    self.policy = policy
    self.now = now
  }

  public func run(in tx: Transaction) async throws -> RequestPayoutOutcome {
    let payable = try await lockPayable(tx)
    if let earlier = try await earlier(tx) {
      return isSame(earlier) ? .repeated(earlier) : .otherRequest
    }
    guard let facts = try await facts(tx) else { return .noSuchMember }
    if let because = facts.heldBecause { return .held(because: because) }
    if origin == .automatic, facts.isOpen { return .alreadyOpen }
    if origin == .automatic, facts.isStopped { return .stopped }
    switch decide(payable: payable) {
    case .notWholeUnits: return .notWholeUnits
    case .belowMinimum: return .belowMinimum(Amount(nanos: policy.minimum, currency: currency))
    case .moreThanPayable: return .moreThanPayable(Amount(nanos: payable, currency: currency))
    case .pay(let nanos):
      return .requested(try await reserve(nanos, payable: payable, facts, tx))
    }
  }

  private var currency: Currency { wanted.currency }

  enum Decision: Equatable { case pay(Int64), notWholeUnits, belowMinimum, moreThanPayable }

  func decide(payable: Int64) -> Decision {
    let nanos: Int64
    switch wanted {
    case .everything: nanos = max(0, payable - payable % currency.minorUnit)
    case .exactly(let amount):
      nanos = amount.nanos
      if nanos % currency.minorUnit != 0 { return .notWholeUnits }
    }
    if nanos < policy.minimum { return .belowMinimum }
    return nanos > payable ? .moreThanPayable : .pay(nanos)
  }

  private func isSame(_ earlier: Payout) -> Bool {
    switch wanted {
    case .everything(let currency): earlier.amount.currency == currency
    case .exactly(let amount): earlier.amount == amount
    }
  }

  // MARK: Reading

  private func lockPayable(_ tx: Transaction) async throws -> Int64 {
    try await tx.first(
      """
      SELECT balance FROM balances
      WHERE owner = \(member.uuid) AND kind = 'member_payable' AND currency = \(currency.code)
      FOR UPDATE
      """, as: Int64.self) ?? 0
  }

  private func earlier(_ tx: Transaction) async throws -> Payout? {
    guard let key else { return nil }
    return try await tx.first(
      """
      SELECT \(Payout.columns) FROM payouts
      WHERE member_id = \(member.uuid) AND request_key = \(key)
      """, of: Payout.self)
  }

  private struct Facts: RowDecodable {
    let handle: String
    let name: String
    let heldBecause: String?
    let isOpen: Bool
    let isStopped: Bool

    init(row: inout RowReader) throws {
      handle = try row.next()
      name = try row.next()
      heldBecause = try row.next()
      isOpen = try row.next()
      isStopped = try row.next()
    }
  }

  private func facts(_ tx: Transaction) async throws -> Facts? {
    try await tx.first(
      """
      SELECT m.handle, m.display_name, s.held_because,
        EXISTS (SELECT FROM payouts p
                WHERE p.member_id = m.id AND p.currency = \(currency.code) AND p.open),
        \(StoppedPayouts.exist(member: "m.id", currency: "\(currency.code)"))
      FROM members m LEFT JOIN payout_settings s ON s.member_id = m.id
      WHERE m.id = \(member.uuid)
      """, of: Facts.self)
  }

  // MARK: Writing

  private func reserve(_ nanos: Int64, payable: Int64, _ facts: Facts, _ tx: Transaction)
    async throws -> Payout
  {
    let id = PayoutID.new(at: now)
    let amount = Amount(nanos: nanos, currency: currency)
    try await MovePayoutMoney(member: member, payout: id, amount: amount, at: now)
      .run(.reserve, in: tx)
    let payout = try await tx.one(
      """
      INSERT INTO payouts (member_id, id, rail, origin, request_key, currency, amount, unit,
        minimum, payable_before, handle, name, state, step, created_at, changed_at)
      VALUES (\(member.uuid), \(id.uuid), \(policy.rail.rawValue)::text::payout_rail,
        \(origin.rawValue), \(key), \(currency.code), \(nanos), \(currency.minorUnit),
        \(policy.minimum), \(payable), \(facts.handle), \(facts.name), 'requested', 1, \(now),
        \(now))
      RETURNING \(Payout.columns)
      """, of: Payout.self)
    try await record(id, tx)
    return payout
  }

  private func record(_ id: PayoutID, _ tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO payout_events (member_id, payout_id, number, rail, to_state, actor, at)
      VALUES (\(member.uuid), \(id.uuid), 1, \(policy.rail.rawValue)::text::payout_rail,
        'requested', \(actor), \(now))
      """)
    try await tx.execute(
      """
      INSERT INTO payout_work (payout_id, member_id, rail, due_at)
      VALUES (\(id.uuid), \(member.uuid), \(policy.rail.rawValue)::text::payout_rail, \(now))
      """)
    if origin == .requested { try await PayoutBell.ring(in: tx) }
  }
}
