import Coinvent
import Curl
import EventLoop
import JSON
import Ledger

/// Speaks to a payment provider about what members pay: take an amount from a payment method under
/// a key, give it back, ask what became of a key.
///
/// As `ProviderClient` it never decides that something did not happen because the answer is
/// missing or strange: all of that is `unknown`, and the worker asks again.
public final class PaymentClient: Sendable {
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

  /// Authorises and captures in one call. The same order again has no second effect.
  public func capture(_ order: ChargeOrder) async -> ChargeAnswer {
    guard let method = order.method else {
      return .unknown(why: "the commitment has no payment method")
    }
    let body: JSON = [
      "amount": .string(order.amount.decimal), "currency": .string(order.amount.currency.code),
      "method": .string(method), "reference": .string(order.reference), "capture": true,
    ]
    return await post("/v1/payments", key: order.key, body, order)
  }

  /// Gives back all of what was captured.
  public func refund(_ order: ChargeOrder) async -> ChargeAnswer {
    await post("/v1/payments/\(order.key)/refund", key: order.key + ".refund", [:], order)
  }

  /// Asks what became of the order's key.
  public func ask(_ order: ChargeOrder) async -> ChargeAnswer {
    await read(call(.get, "/v1/payments/\(order.key)")) { answer, json in
      switch answer.status {
      case 200: return order.judge(json)
      case 404 where json["code"]?.string == "no_such_payment": return .notFound
      default: return .unknown(why: "the provider answered \(answer.status)")
      }
    }
  }

  private func post(_ path: String, key: String, _ body: JSON, _ order: ChargeOrder) async
    -> ChargeAnswer
  {
    var call = call(.post, path)
    call.headers += [("Idempotency-Key", key), ("Content-Type", "application/json")]
    call.body = body.bytes()
    return await read(call) { answer, json in
      switch answer.status {
      case 200, 201, 202: return order.judge(json)
      default: return .unknown(why: "the provider answered \(answer.status)")
      }
    }
  }

  private func call(_ verb: HTTPCall.Verb, _ path: String) -> HTTPCall {
    var call = HTTPCall(verb: verb, url: address + path, patience: patience)
    if let token { call.headers.append(("Authorization", "Bearer \(token)")) }
    return call
  }

  private func read(
    _ call: HTTPCall, _ judge: (HTTPCall.Answer, JSON) -> ChargeAnswer
  ) async -> ChargeAnswer {
    do {
      let answer = try await threads.run { [handles] in
        try handles.with { try call.perform(on: $0) }
      }
      return judge(answer, try JSON.parse(answer.body))
    } catch {
      return .unknown(why: "\(error)")
    }
  }
}

extension ChargeOrder {
  /// What the provider's description of a payment means for this order. A description of another
  /// key, amount or currency is not about it, whatever its state says.
  func judge(_ payment: JSON) -> ChargeAnswer {
    guard payment["key"]?.string == key, payment["amount"]?.string == amount.decimal,
      payment["currency"]?.string == amount.currency.code,
      payment["reference"]?.string == reference, let id = payment["id"]?.string
    else { return .unknown(why: "the provider describes another payment than the one asked for") }
    switch payment["state"]?.string {
    case "captured": return .captured(providerID: id)
    case "refunded": return .refunded(providerID: id)
    case "declined":
      return .declined(why: payment["detail"]?.string ?? "declined without a reason")
    case let state?: return .unknown(why: "the provider reports the state \(state)")
    case nil: return .unknown(why: "the provider reports no state")
    }
  }
}
