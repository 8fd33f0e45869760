import Ledger
import Postgres

/// Why a member's money is still here: for each currency one reason, the first that applies.
public enum WhyNotPaid {
  public enum Code: String, Sendable, CaseIterable {
    case nothingCredited = "nothing_credited"
    case negativeBalance = "negative_balance"
    case onHold = "on_hold"
    case inFlight = "in_flight"
    case paidUp = "paid_up"
    case belowMinimum = "below_minimum"
    case lastPayoutReturned = "last_payout_returned"
    case onRequest = "on_request"
    case waitingForWorker = "waiting_for_worker"
  }

  public struct Reason: Sendable, Equatable {
    public let code: Code
    /// For people.
    public let sentence: String

    /// For a member without a single credit.
    public static let nothingCredited = Reason(
      code: .nothingCredited,
      sentence: "Nothing has been credited yet: money comes once shares are locked, something "
        + "was sold, and a settlement ran.")
  }

  /// - Returns: a reason for every currency in which anything was ever credited; empty when
  ///   nothing was (then the answer is `Reason.nothingCredited`).
  public static func explain(
    member: MemberID, policy: PayoutPolicy = .standard, in db: some Queryable
  ) async throws -> [Currency: Reason] {
    let standings = try await standings(member, db)
    let pairs = standings.map { ($0.currency, $0.reason(policy)) }
    return Dictionary(pairs) { first, _ in first }
  }

  private static func standings(_ member: MemberID, _ db: some Queryable) async throws
    -> [PayoutStanding]
  {
    try await db.all(
      """
      SELECT b.currency, b.balance, s.held_because,
        coalesce((SELECT sum(p.amount) FROM payouts p
          WHERE p.member_id = b.owner AND p.currency = b.currency AND p.open), 0)::bigint,
        EXISTS (SELECT FROM payouts p
          WHERE p.member_id = b.owner AND p.currency = b.currency AND p.state = 'paid'),
        \(StoppedPayouts.exist(member: "b.owner", currency: "b.currency"))
      FROM balances b LEFT JOIN payout_settings s ON s.member_id = b.owner
      WHERE b.owner = \(member.uuid) AND b.kind = 'member_payable'
      ORDER BY b.currency
      """, of: PayoutStanding.self)
  }
}

/// What decides whether a member is paid in one currency.
struct PayoutStanding: RowDecodable {
  let payable: Amount
  let heldBecause: String?
  let inFlight: Int64
  let wasPaid: Bool
  let isStopped: Bool

  var currency: Currency { payable.currency }

  init(row: inout RowReader) throws {
    payable = try row.amount()
    heldBecause = try row.next()
    inFlight = try row.next()
    wasPaid = try row.next()
    isStopped = try row.next()
  }

  func reason(_ policy: PayoutPolicy) -> WhyNotPaid.Reason {
    let code = code(policy)
    return WhyNotPaid.Reason(code: code, sentence: sentence(code, policy))
  }

  private func code(_ policy: PayoutPolicy) -> WhyNotPaid.Code {
    let whole = payable.nanos - payable.nanos % currency.minorUnit
    if payable.nanos < 0 { return .negativeBalance }
    if heldBecause != nil, payable.nanos > 0 { return .onHold }
    if inFlight > 0 { return .inFlight }
    if payable.nanos == 0 || (whole == 0 && wasPaid) { return .paidUp }
    if whole < policy.minimum { return .belowMinimum }
    if isStopped { return .lastPayoutReturned }
    return policy.automatic ? .waitingForWorker : .onRequest
  }

  private func sentence(_ code: WhyNotPaid.Code, _ policy: PayoutPolicy) -> String {
    let money = "\(payable.decimal) \(currency.code)"
    let minimum = Amount(nanos: policy.minimum, currency: currency).decimal
    switch code {
    case .nothingCredited: return WhyNotPaid.Reason.nothingCredited.sentence
    case .negativeBalance:
      return "The balance is \(money), because of returned sales: coming credits fill it first."
    case .onHold: return "Payouts are on hold: \(heldBecause ?? "no reason is recorded")."
    case .inFlight:
      let amount = Amount(nanos: inFlight, currency: currency).decimal
      return "\(amount) \(currency.code) is on its way."
    case .paidUp:
      return payable.nanos == 0
        ? wasPaid ? "Everything has been paid." : "Nothing is payable now."
        : "Everything has been paid but \(money), less than the smallest coin: it is kept."
    case .belowMinimum:
      return "\(money) is payable, less than the minimum of \(minimum) \(currency.code): it is "
        + "kept until it reaches that."
    case .lastPayoutReturned:
      return "The last payout failed or came back. Check the account it went to, then ask for a "
        + "payout: \(money) is payable."
    case .onRequest: return "\(money) is payable: ask for a payout."
    case .waitingForWorker: return "\(money) is payable and will be paid at the worker's next run."
    }
  }
}
