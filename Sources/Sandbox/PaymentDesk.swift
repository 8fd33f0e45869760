import JSON
import Synchronization

/// Answers requests about payments: authorise, capture, refund, look up, with the faults that
/// transfers meet too. A late failure and a return mean nothing here.
///
/// It blocks, as `SandboxDesk`.
final class PaymentDesk: Sendable {
  typealias Reply = SandboxDesk.Reply

  private struct State: ~Copyable {
    var book: PaymentBook
    var requests = 0
    var attempts: [String: Int] = [:]
    var lookups = 0
  }

  let faults: SandboxFaults
  private let state: Mutex<State>

  init(folder: String, faults: SandboxFaults) throws {
    self.faults = faults
    let book = try PaymentBook(folder: folder)
    state = Mutex(State(book: book))
  }

  /// POST /v1/payments: authorises once for each key, and captures unless told not to.
  func pay(key: String?, body: [UInt8]) throws -> Reply {
    guard let key, (1...200).contains(key.utf8.count), !key.utf8.contains(UInt8(ascii: "/")) else {
      return problem(400, "no_key", "the header Idempotency-Key is missing or unfit")
    }
    let json = try JSON.parse(body)
    let order: SandboxPayment.Order
    switch SandboxPayment.Order.read(json, key: key) {
    case .wrong(let why): return problem(400, "bad_order", why)
    case .order(let read): order = read
    }
    let good: SandboxPayment.State = json["capture"]?.bool == false ? .authorised : .captured
    return try state.withLock { state in
      let fault = nextFault(key, &state)
      if fault == .errorBefore { return problem(500, "broken", "nothing was done") }
      let isDeclined = order.isDeclined || fault == .refuse
      switch try state.book.accept(order, as: isDeclined ? .declined : good) {
      case .accepted(let payment): return reply(Reply(status: 201, body: payment.json), fault)
      case .repeated(let payment): return reply(Reply(status: 200, body: payment.json), fault)
      case .otherOrder:
        return problem(409, "other_order", "this key came before with another order")
      }
    }
  }

  /// POST /v1/payments/{key}/capture and /refund.
  func move(key: String, to target: SandboxPayment.State) throws -> Reply {
    try state.withLock { state in
      let fault = nextFault("\(key)/\(target.rawValue)", &state)
      if fault == .errorBefore { return problem(500, "broken", "nothing was done") }
      if fault == .refuse { return problem(422, "refused", "not now") }
      switch try state.book.move(key, to: target) {
      case .moved(let payment), .unchanged(let payment):
        return reply(Reply(status: 200, body: payment.json), fault)
      case .notPossible(let from):
        return problem(409, "not_possible", "a payment that is \(from.rawValue) cannot do that")
      case .unknownKey: return problem(404, "no_such_payment", "no payment has this key")
      }
    }
  }

  /// GET /v1/payments/{key}
  func find(key: String) -> Reply {
    state.withLock { state in
      state.lookups += 1
      if faults.failsLookup(key: key, attempt: state.lookups) {
        return problem(500, "broken", "try again")
      }
      guard let payment = state.book[key] else {
        return problem(404, "no_such_payment", "no payment has this key")
      }
      return Reply(status: 200, body: payment.json)
    }
  }

  /// GET /v1/payments?after=&limit=: all that was ever asked for, in order.
  func list(after: Int, limit: Int) -> Reply {
    state.withLock { state in
      let page = state.book.payments.dropFirst(max(0, after)).prefix(limit)
      let next = min(max(0, after) + limit, state.book.payments.count)
      return Reply(
        status: 200, body: ["payments": .array(page.map(\.json)), "next": .int(Int64(next))])
    }
  }

  private func nextFault(_ key: String, _ state: inout State) -> SandboxFaults.Fault {
    let attempt = state.attempts[key, default: 0]
    defer {
      state.attempts[key] = attempt + 1
      state.requests += 1
    }
    return faults.fault(key: key, attempt: attempt, request: state.requests)
  }

  private func reply(_ good: Reply, _ fault: SandboxFaults.Fault) -> Reply {
    switch fault {
    case .timeout: Reply(status: good.status, body: good.body, delivery: .hang)
    case .drop: Reply(status: good.status, body: good.body, delivery: .drop)
    case .errorAfter: problem(500, "broken", "something went wrong")
    case .duplicate: problem(409, "duplicate", "this key came before")
    case .none, .errorBefore, .lateFailure, .returned, .refuse: good
    }
  }

  private func problem(_ status: Int, _ code: String, _ detail: String) -> Reply {
    Reply(
      status: status,
      body: ["status": .int(Int64(status)), "code": .string(code), "detail": .string(detail)])
  }
}
