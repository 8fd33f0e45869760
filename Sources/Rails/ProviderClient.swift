import Coinvent
import Curl
import EventLoop
import JSON
import Ledger

/// Speaks to a payment provider: send an order under its key, ask for a key, read what changed.
///
/// It never decides that something did not happen because the answer is missing or strange: all
/// of that is `unknown`, and the worker asks again.
public final class ProviderClient: Sendable {
  private let address: String
  private let token: String?
  private let patience: Duration
  private let threads: BlockingPool
  private let handles = CurlHandles()

  /// - Parameters:
  ///   - address: `http://host:port` without a path
  ///   - patience: how long one call may take as a whole
  ///   - threads: for the calls, which block
  public init(address: String, token: String?, patience: Duration, threads: BlockingPool) {
    self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
    self.token = token
    self.patience = patience
    self.threads = threads
  }

  /// Orders the payment. Sending the same order again has no second effect.
  public func send(_ order: PayoutOrder) async -> PayoutAnswer {
    let body: JSON = [
      "amount": .string(order.amount.decimal), "currency": .string(order.amount.currency.code),
      "recipient": .string(order.recipient), "name": .string(order.name),
      "reference": .string(order.reference),
    ]
    var call = call(.post, "/v1/transfers")
    call.headers += [("Idempotency-Key", order.key), ("Content-Type", "application/json")]
    call.body = body.bytes()
    return await read(call) { answer, json in
      switch answer.status {
      case 200, 201, 202: return order.judge(json)
      case 422 where json["code"]?.string == "refused":
        return .refused(why: json["detail"]?.string ?? "refused without a reason")
      default: return .unknown(why: "the provider answered \(answer.status)")
      }
    }
  }

  /// Asks what became of the order's key.
  public func ask(_ order: PayoutOrder) async -> PayoutAnswer {
    await read(call(.get, "/v1/transfers/\(order.key)")) { answer, json in
      switch answer.status {
      case 200: return order.judge(json)
      case 404 where json["code"]?.string == "no_such_transfer": return .notFound
      default: return .unknown(why: "the provider answered \(answer.status)")
      }
    }
  }

  /// One entry of the provider's list of changes.
  public struct Change: Sendable {
    public let key: String
    public let recipient: String
    public let state: String
  }

  /// The provider could not say what changed; the next pass asks again.
  public struct NoNews: Error, CustomStringConvertible {
    public let description: String
  }

  /// What changed after position `after`, and the position behind the last of it.
  public func changes(after: Int64, limit: Int) async throws -> (changes: [Change], next: Int64) {
    let call = call(.get, "/v1/changes?after=\(after)&limit=\(limit)")
    let answer = try await perform(call)
    let json = try JSON.parse(answer.body)
    guard answer.status == 200, let rows = json["changes"]?.array, let next = json["next"]?.int
    else { throw NoNews(description: "the list of changes answered \(answer.status)") }
    let changes = try rows.map { row in
      guard let key = row["key"]?.string, let recipient = row["recipient"]?.string,
        let state = row["state"]?.string
      else { throw NoNews(description: "the list of changes holds an entry without key or state") }
      return Change(key: key, recipient: recipient, state: state)
    }
    return (changes, next)
  }

  private func call(_ verb: HTTPCall.Verb, _ path: String) -> HTTPCall {
    var call = HTTPCall(verb: verb, url: address + path, patience: patience)
    if let token { call.headers.append(("Authorization", "Bearer \(token)")) }
    return call
  }

  private func perform(_ call: HTTPCall) async throws -> HTTPCall.Answer {
    try await threads.run { [handles] in
      try handles.with { try call.perform(on: $0) }
    }
  }

  private func read(
    _ call: HTTPCall, _ judge: (HTTPCall.Answer, JSON) -> PayoutAnswer
  ) async -> PayoutAnswer {
    do {
      let answer = try await perform(call)
      return judge(answer, try JSON.parse(answer.body))
    } catch {
      return .unknown(why: "\(error)")
    }
  }
}
