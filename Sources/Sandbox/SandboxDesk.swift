import Glibc
import JSON
import Synchronization

/// Answers requests to the sandbox provider, whatever carries them.
///
/// It blocks (each effect is on disk before the answer), so it runs on threads made for that.
final class SandboxDesk: Sendable {
  struct Reply {
    enum Delivery { case whole, hang, drop }
    let status: Int
    let body: JSON
    var delivery = Delivery.whole
  }

  private struct State: ~Copyable {
    var book: SandboxBook
    var requests = 0
    var attempts: [String: Int] = [:]
    var lookups = 0
  }

  let faults: SandboxFaults
  private let state: Mutex<State>

  init(folder: String, faults: SandboxFaults) throws {
    self.faults = faults
    let book = try SandboxBook(folder: folder)
    state = Mutex(State(book: book))
  }

  // MARK: Transfers

  /// POST /v1/transfers: takes an order once for each key.
  func send(key: String?, body: [UInt8], now: Int64) throws -> Reply {
    guard let key, (1...200).contains(key.utf8.count) else {
      return problem(400, "no_key", "the header Idempotency-Key is missing or too long")
    }
    let order: SandboxTransfer.Order
    switch SandboxTransfer.Order.read(try JSON.parse(body), key: key) {
    case .wrong(let why): return problem(400, "bad_order", why)
    case .order(let read): order = read
    }
    return try state.withLock { state in
      let fault = nextFault(key, &state)
      if fault == .errorBefore { return problem(500, "broken", "nothing was done") }
      if fault == .refuse, state.book[key] == nil {
        return problem(422, "refused", "the recipient's account is closed")
      }
      let acceptance = try state.book.accept(order, plan: plan(fault, now: now), now: now)
      return reply(acceptance, fault)
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

  private func plan(_ fault: SandboxFaults.Fault, now: Int64) -> [SandboxTransfer.Planned] {
    let paid = SandboxTransfer.Planned(state: .paid, at: now + faults.settle)
    let later = now + max(faults.late, faults.settle)
    switch fault {
    case .lateFailure: return [SandboxTransfer.Planned(state: .failed, at: later)]
    case .returned: return [paid, SandboxTransfer.Planned(state: .returned, at: later)]
    case .none, .timeout, .errorBefore, .errorAfter, .duplicate, .drop, .refuse: return [paid]
    }
  }

  private func reply(_ acceptance: SandboxBook.Acceptance, _ fault: SandboxFaults.Fault) -> Reply {
    let good: Reply
    switch acceptance {
    case .accepted(let transfer): good = Reply(status: 201, body: transfer.json)
    case .repeated(let transfer): good = Reply(status: 200, body: transfer.json)
    case .otherOrder:
      return problem(409, "other_order", "this key came before with another order")
    }
    switch fault {
    case .timeout: return Reply(status: good.status, body: good.body, delivery: .hang)
    case .drop: return Reply(status: good.status, body: good.body, delivery: .drop)
    case .errorAfter: return problem(500, "broken", "something went wrong")
    case .duplicate: return problem(409, "duplicate", "this key came before")
    case .none, .errorBefore, .lateFailure, .returned, .refuse: return good
    }
  }

  /// GET /v1/transfers/{key}
  func find(key: String, now: Int64) throws -> Reply {
    try state.withLock { state in
      if failsLookup(key, &state) { return problem(500, "broken", "try again") }
      try state.book.advance(now: now)
      guard let transfer = state.book[key] else {
        return problem(404, "no_such_transfer", "no transfer has this key")
      }
      return Reply(status: 200, body: transfer.json)
    }
  }

  /// POST /v1/transfers/{key}/fail and /return: the bank changes its mind.
  func push(key: String, to target: SandboxTransfer.State, now: Int64) throws -> Reply {
    try state.withLock { state in
      switch try state.book.push(key, to: target, now: now) {
      case .changed(let transfer), .unchanged(let transfer):
        return Reply(status: 200, body: transfer.json)
      case .notPossible(let from):
        return problem(409, "not_possible", "a transfer that is \(from.rawValue) cannot do that")
      case .unknownKey: return problem(404, "no_such_transfer", "no transfer has this key")
      }
    }
  }

  // MARK: Lists

  /// GET /v1/transfers?after=&limit=: everything that was ever taken, in order.
  func list(after: Int, limit: Int, now: Int64) throws -> Reply {
    try state.withLock { state in
      try state.book.advance(now: now)
      let page = state.book.transfers.dropFirst(max(0, after)).prefix(limit)
      let next = min(max(0, after) + limit, state.book.transfers.count)
      return Reply(
        status: 200,
        body: ["transfers": .array(page.map(\.json)), "next": .int(Int64(next))])
    }
  }

  /// GET /v1/changes?after=&limit=: every change of state, in the order they happened.
  func changes(after: Int, limit: Int, now: Int64) throws -> Reply {
    try state.withLock { state in
      if failsLookup("changes", &state) { return problem(500, "broken", "try again") }
      try state.book.advance(now: now)
      let page = state.book.changes.dropFirst(max(0, after)).prefix(limit)
      let rows = page.map { change in
        var row = state.book[change.key]?.json.object ?? JSONObject()
        row["number"] = .int(Int64(change.number))
        row["state"] = .string(change.state.rawValue)
        return JSON.object(row)
      }
      let next = max(after, page.last?.number ?? after)
      return Reply(status: 200, body: ["changes": .array(rows), "next": .int(Int64(next))])
    }
  }

  private func failsLookup(_ key: String, _ state: inout State) -> Bool {
    state.lookups += 1
    return faults.failsLookup(key: key, attempt: state.lookups)
  }

  func problem(_ status: Int, _ code: String, _ detail: String) -> Reply {
    Reply(
      status: status,
      body: ["status": .int(Int64(status)), "code": .string(code), "detail": .string(detail)])
  }
}
