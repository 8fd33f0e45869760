import Coinvent
import HTTPServer
import JSON
import Ledger

/// `POST`, `GET /v1/payouts` and `GET /v1/payouts/{id}`: members ask for and see their own,
/// finance everybody's.
enum PayoutsAPI {
  static func request(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let member = fields.optionalID("member_id", as: MemberID.self) ?? call.member.member
    let wanted = wanted(&fields)
    try fields.finish()
    guard let wanted else { throw Invalid("/currency", "is required") }
    guard member == call.member.member || isFinance(call) else {
      throw Problem.forbidden("Only finance asks for the payouts of others.")
    }
    let policy = call.application.settings.payouts
    return try await call.write { tx in
      let request = RequestPayout(
        member: member, wanted: wanted, actor: call.member.handle, policy: policy,
        now: try await DatabaseClock.now(in: tx))
      return try answer(try await request.run(in: tx))
    }
  }

  /// `{"amount":{"amount":"25.00","currency":"USD"}}`, or `{"currency":"USD"}` for all there is.
  private static func wanted(_ fields: inout Fields) -> RequestPayout.Wanted? {
    if let amount = fields.part("amount", { json throws(Invalid) in try money(json) }) {
      return .exactly(amount)
    }
    guard let code = fields.optionalText("currency") else { return nil }
    guard let currency = Currency(code) else {
      fields.note("currency", "is no currency's code such as USD")
      return nil
    }
    return .everything(currency)
  }

  private static func money(_ json: JSON) throws(Invalid) -> Amount {
    var fields = try Fields(json, at: "/amount")
    let text = fields.text("amount")
    let currency = Currency(fields.text("currency"))
    if currency == nil { fields.note("currency", "is no currency's code such as USD") }
    try fields.finish()
    guard let currency else { throw Invalid("/amount/currency", "is required") }
    do {
      return try Amount(decimal: text, currency: currency)
    } catch {
      throw Invalid("/amount/amount", "\(error)")
    }
  }

  private static func answer(_ outcome: RequestPayoutOutcome) throws -> Response {
    switch outcome {
    case .repeated(let payout), .requested(let payout):
      return .created(payout.json(), at: "/v1/payouts/\(payout.id)")
    case .otherRequest: throw Problem.conflict("key-reused", "The key belongs to another request.")
    case .noSuchMember: throw Problem.notFound("such member")
    case .alreadyOpen: throw Problem.conflict("payout-open", "A payout is on its way already.")
    case .stopped:
      throw Problem.conflict("payout-stopped", "The last payout failed or came back.")
    case .held(let because):
      throw Problem.forbidden("Payouts are on hold: \(because).", as: "payouts-held")
    case .notWholeUnits:
      throw Invalid("/amount/amount", "must be in whole coins of its currency")
    case .belowMinimum(let minimum):
      throw Problem.conflict("below-minimum", "That is less than the minimum of \(minimum).")
    case .moreThanPayable(let payable):
      throw Problem.conflict("more-than-payable", "Only \(payable) is payable.")
    }
  }

  static func read(_ id: PayoutID, _ call: Call) async throws -> Response {
    guard let payout = try await FindPayout.run(id, in: call.pool),
      payout.member == call.member.member || isFinance(call)
    else { throw Problem.notFound("such payout") }
    let events = try await FindPayout.events(of: payout, in: call.pool)
    return Response.json(payout.json(events: events)).tagged(for: call.request)
  }

  static func list(_ call: Call) async throws -> Response {
    let list = try wish(call)
    let payouts = try await list.run(in: call.pool)
    let bytes = JSONWriter.object {
      $0.array("payouts", payouts) { writer, payout in writer.object { payout.write(&$0) } }
      let next = payouts.count == list.limit ? payouts.last?.id.description : nil
      $0.field("next_cursor", next)
    }
    return Response.json(bytes).tagged(for: call.request)
  }

  private static func wish(_ call: Call) throws -> ListPayouts {
    let query = call.request.query
    var invalid = Invalid()
    var list = ListPayouts()
    func take<Value>(_ name: String, _ what: String, _ read: (String) -> Value?) -> Value? {
      guard let text = query[name], !text.isEmpty else { return nil }
      let value = read(text)
      if value == nil { invalid.add("/\(name)", "must be \(what)") }
      return value
    }
    let states = PayoutState.allCases.map(\.rawValue).joined(separator: ", ")
    list.state = take("state", "one of \(states)") { PayoutState(rawValue: $0) }
    list.before = take("cursor", "one that this list has given") { PayoutID($0) }
    list.member = take("member", "a member's id") { MemberID($0) }
    list.limit =
      take("limit", "a whole number from 1 to 100") { text in
        Int(text).flatMap { (1...100).contains($0) ? $0 : nil }
      } ?? 20
    if !invalid.isEmpty { throw invalid }
    if !isFinance(call) {
      guard list.member == nil || list.member == call.member.member else {
        throw Problem.forbidden("Only finance sees the payouts of others.")
      }
      list.member = call.member.member
    }
    return list
  }

  private static func isFinance(_ call: Call) -> Bool { call.member.role.includes(.finance) }
}
