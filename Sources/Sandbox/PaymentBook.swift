import JSON

/// The sandbox provider's memory of payments, by key. Everything it says it remembers is in the
/// journal first.
final class PaymentBook {
  enum Acceptance {
    case accepted(SandboxPayment)
    case repeated(SandboxPayment)
    case otherOrder
  }

  enum Move {
    case moved(SandboxPayment)
    case unchanged(SandboxPayment)
    case notPossible(from: SandboxPayment.State)
    case unknownKey
  }

  private(set) var payments: [SandboxPayment] = []
  private var places: [String: Int] = [:]
  private var journal: Journal?

  init(folder: String) throws {
    journal = try Journal(folder: folder) { try self.read($0) }
  }

  subscript(key: String) -> SandboxPayment? {
    places[key].map { payments[$0] }
  }

  /// Takes an order once.
  func accept(_ order: SandboxPayment.Order, as state: SandboxPayment.State) throws -> Acceptance {
    if let known = self[order.key] {
      return known.order == order ? .repeated(known) : .otherOrder
    }
    let payment = SandboxPayment(number: payments.count + 1, order: order, state: state)
    try journal?.append([record(payment)])
    add(payment)
    return .accepted(payment)
  }

  /// Captures or refunds.
  func move(_ key: String, to state: SandboxPayment.State) throws -> Move {
    guard let place = places[key] else { return .unknownKey }
    let old = payments[place].state
    if old == state { return .unchanged(payments[place]) }
    guard old.mayBecome(state) else { return .notPossible(from: old) }
    try journal?.append([
      ["record": "move", "key": .string(key), "state": .string(state.rawValue)]
    ])
    payments[place].state = state
    return .moved(payments[place])
  }

  private func add(_ payment: SandboxPayment) {
    places[payment.order.key] = payments.count
    payments.append(payment)
  }

  // MARK: Journal

  private struct Unreadable: Error, CustomStringConvertible {
    let description = "the record is not one of this program's"
  }

  private func record(_ payment: SandboxPayment) -> JSON {
    var record = payment.json.object ?? JSONObject()
    record["record"] = "payment"
    return .object(record)
  }

  private func read(_ record: JSON) throws {
    guard let key = record["key"]?.string,
      let state = record["state"]?.string.flatMap(SandboxPayment.State.init)
    else { throw Unreadable() }
    switch record["record"]?.string {
    case "payment":
      guard case .order(let order) = SandboxPayment.Order.read(record, key: key),
        places[key] == nil
      else { throw Unreadable() }
      add(SandboxPayment(number: payments.count + 1, order: order, state: state))
    case "move":
      guard let place = places[key] else { throw Unreadable() }
      payments[place].state = state
    default: throw Unreadable()
    }
  }
}
