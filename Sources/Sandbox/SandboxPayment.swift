import JSON

/// What the sandbox provider was asked to take from a payment method, and how that stands.
struct SandboxPayment {
  enum State: String {
    case authorised, captured, declined, refunded

    func mayBecome(_ next: State) -> Bool {
      switch self {
      case .authorised: next == .captured
      case .captured: next == .refunded
      case .declined, .refunded: false
      }
    }
  }

  /// What the caller wants; the same key must always come with the same order.
  struct Order: Equatable {
    let key: String
    let amount: String
    let currency: String
    let method: String
    let reference: String

    /// As with the test cards of real providers: some methods are always declined.
    var isDeclined: Bool { method.hasPrefix("pm_declined") }
  }

  let number: Int
  let order: Order
  var state: State

  var json: JSON {
    [
      "id": .string("py_\(number)"), "key": .string(order.key), "state": .string(state.rawValue),
      "amount": .string(order.amount), "currency": .string(order.currency),
      "method": .string(order.method), "reference": .string(order.reference),
      "detail": state == .declined ? "the card was declined" : .null,
    ]
  }
}

extension SandboxPayment.Order {
  /// The first thing that is wrong with the body of a request, or the order in it.
  enum Reading {
    case order(SandboxPayment.Order)
    case wrong(String)
  }

  static func read(_ body: JSON, key: String) -> Reading {
    // A payment is described as a transfer is, with a method in place of who gets it.
    guard let method = body["method"]?.string, !method.isEmpty else {
      return .wrong("method must be a text")
    }
    var whole = body.object ?? JSONObject()
    whole["recipient"] = .string(method)
    whole["name"] = "-"
    switch SandboxTransfer.Order.read(.object(whole), key: key) {
    case .wrong(let why): return .wrong(why)
    case .order(let order):
      return .order(
        SandboxPayment.Order(
          key: key, amount: order.amount, currency: order.currency, method: method,
          reference: order.reference))
    }
  }
}
