import EventLoop
import Glibc
import HTTPServer
import JSON

/// A payment provider in a box: it remembers what it was told to pay across `kill -9`, pays once
/// for each key, and fails on purpose. No money moves.
public final class SandboxProvider: Responder {
  private let desk: SandboxDesk
  private let payments: PaymentDesk
  private let thread: BlockingPool

  /// - Throws: when `folder` cannot hold its journal, or another process uses it.
  public init(folder: String, faults: SandboxFaults = .none) throws {
    desk = try SandboxDesk(folder: folder, faults: faults)
    payments = try PaymentDesk(folder: folder + "/payments", faults: faults)
    thread = BlockingPool(name: "sandbox", threads: 1, queueLimit: 4096)
  }

  /// Lets go of the thread; the journal needs no farewell.
  public func stop() {
    thread.stop()
  }

  public func respond(to request: Request) async -> Response {
    do {
      let (desk, payments) = (desk, payments)
      let reply = try await thread.run {
        try SandboxProvider.reply(payments, request) ?? SandboxProvider.reply(desk, request)
      }
      return await deliver(reply)
    } catch let error as JSONError {
      return response(desk.problem(400, "bad_json", "\(error)"))
    } catch {
      return response(desk.problem(503, "unusable", "\(error)"))
    }
  }

  /// Nil when the request is not about payments.
  private static func reply(_ desk: PaymentDesk, _ request: Request) throws -> SandboxDesk.Reply? {
    let parts = request.segments
    guard parts.first == "v1", parts.dropFirst().first == "payments" else { return nil }
    switch (request.method, parts.count, parts.last) {
    case (.post, 2, _):
      return try desk.pay(key: request.headers["Idempotency-Key"], body: request.body)
    case (.get, 2, _):
      return desk.list(
        after: request.query["after"].flatMap(Int.init) ?? 0,
        limit: min(max(request.query["limit"].flatMap(Int.init) ?? 500, 1), 5000))
    case (.get, 3, _): return desk.find(key: parts[2])
    case (.post, 4, "capture"): return try desk.move(key: parts[2], to: .captured)
    case (.post, 4, "refund"): return try desk.move(key: parts[2], to: .refunded)
    default: return nil
    }
  }

  private static func reply(_ desk: SandboxDesk, _ request: Request) throws -> SandboxDesk.Reply {
    let now = milliseconds()
    let after = request.query["after"].flatMap(Int.init) ?? 0
    let limit = min(max(request.query["limit"].flatMap(Int.init) ?? 500, 1), 5000)
    let parts = request.segments.dropFirst()
    guard request.segments.first == "v1" || request.segments == ["healthz"] else {
      return desk.problem(404, "no_such_page", "there is nothing at this path")
    }
    switch (request.method, parts.first, parts.count) {
    case (.get, nil, 0): return SandboxDesk.Reply(status: 200, body: ["status": "ok"])
    case (.post, "transfers", 1):
      return try desk.send(
        key: request.headers["Idempotency-Key"], body: request.body, now: now)
    case (.get, "transfers", 1): return try desk.list(after: after, limit: limit, now: now)
    case (.get, "transfers", 2): return try desk.find(key: request.segments[2], now: now)
    case (.post, "transfers", 3):
      return try push(desk, key: request.segments[2], verb: request.segments[3], now: now)
    case (.get, "changes", 1): return try desk.changes(after: after, limit: limit, now: now)
    default: return desk.problem(404, "no_such_page", "there is nothing at this path")
    }
  }

  private static func push(_ desk: SandboxDesk, key: String, verb: String, now: Int64) throws
    -> SandboxDesk.Reply
  {
    switch verb {
    case "pay": return try desk.push(key: key, to: .paid, now: now)
    case "fail": return try desk.push(key: key, to: .failed, now: now)
    case "return": return try desk.push(key: key, to: .returned, now: now)
    default: return desk.problem(404, "no_such_page", "there is nothing at this path")
    }
  }

  /// The wall clock: plans must go on where they were after a restart.
  private static func milliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private struct CutOnPurpose: Error {}

  private func deliver(_ reply: SandboxDesk.Reply) async -> Response {
    switch reply.delivery {
    case .whole: return response(reply)
    case .drop: return cut(after: .zero)
    case .hang: return cut(after: .milliseconds(desk.faults.hang))
    }
  }

  /// An answer of which nothing but the status arrives, after a while.
  private func cut(after delay: Duration) -> Response {
    Response(
      status: 200,
      body: .stream(
        ResponseStream(length: 1000) { _ in
          try await Task.sleep(for: delay)
          throw CutOnPurpose()
        }))
  }

  private func response(_ reply: SandboxDesk.Reply) -> Response {
    .json(reply.body.bytes(), status: reply.status)
  }
}
