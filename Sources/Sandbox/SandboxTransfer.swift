import JSON

/// What the sandbox provider was asked to pay, and how that stands.
struct SandboxTransfer {
  enum State: String {
    case accepted, paid, failed, returned

    func mayBecome(_ next: State) -> Bool {
      switch self {
      case .accepted: next == .paid || next == .failed
      case .paid: next == .returned
      case .failed, .returned: false
      }
    }
  }

  /// A change of state that will happen by itself.
  struct Planned: Equatable {
    let state: State
    let at: Int64
  }

  /// What the caller wants; the same key must always come with the same order.
  struct Order: Equatable {
    let key: String
    let amount: String
    let currency: String
    let recipient: String
    let name: String
    let reference: String
  }

  let number: Int
  let order: Order
  var state: State
  var plan: [Planned]

  var json: JSON {
    [
      "id": .string("tr_\(number)"), "key": .string(order.key), "state": .string(state.rawValue),
      "amount": .string(order.amount), "currency": .string(order.currency),
      "recipient": .string(order.recipient), "name": .string(order.name),
      "reference": .string(order.reference),
    ]
  }
}

extension SandboxTransfer.Order {
  /// The first thing that is wrong with the body of a request, or the order in it.
  enum Reading {
    case order(SandboxTransfer.Order)
    case wrong(String)
  }

  static func read(_ body: JSON, key: String) -> Reading {
    var texts: [String] = []
    for name in ["amount", "currency", "recipient", "name", "reference"] {
      guard let text = body[name]?.string, !text.isEmpty else {
        return .wrong("\(name) must be a text")
      }
      texts.append(text)
    }
    guard isPositiveDecimal(texts[0]) else { return .wrong("amount must be a positive decimal") }
    guard texts[1].utf8.count == 3 else { return .wrong("currency must be three letters") }
    return .order(
      SandboxTransfer.Order(
        key: key, amount: texts[0], currency: texts[1], recipient: texts[2], name: texts[3],
        reference: texts[4]))
  }

  private static func isPositiveDecimal(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let digits = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    let positive = text.utf8.contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
    return (1...2).contains(parts.count) && digits && positive
  }
}
