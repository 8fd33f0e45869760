import JSON

/// The sandbox provider's whole memory: transfers by key and the list of their changes.
/// Everything it says it remembers is in the journal first.
final class SandboxBook {
  struct Change {
    let number: Int
    let key: String
    let state: SandboxTransfer.State
  }

  enum Acceptance {
    case accepted(SandboxTransfer)
    case repeated(SandboxTransfer)
    case otherOrder
  }

  enum Push {
    case changed(SandboxTransfer)
    case unchanged(SandboxTransfer)
    case notPossible(from: SandboxTransfer.State)
    case unknownKey
  }

  private(set) var transfers: [SandboxTransfer] = []
  private(set) var changes: [Change] = []
  private var places: [String: Int] = [:]
  private var planned: [Int] = []
  private var journal: Journal?

  init(folder: String) throws {
    journal = try Journal(folder: folder) { try self.read($0) }
    planned = transfers.indices.filter { !transfers[$0].plan.isEmpty }
  }

  subscript(key: String) -> SandboxTransfer? {
    places[key].map { transfers[$0] }
  }

  /// Takes an order once; `plan` says what becomes of it.
  func accept(_ order: SandboxTransfer.Order, plan: [SandboxTransfer.Planned], now: Int64) throws
    -> Acceptance
  {
    if let known = self[order.key] {
      return known.order == order ? .repeated(known) : .otherOrder
    }
    let transfer = SandboxTransfer(
      number: transfers.count + 1, order: order, state: .accepted, plan: plan)
    try journal?.append([record(transfer, at: now)])
    add(transfer)
    try advance(now: now)
    return .accepted(self[order.key] ?? transfer)
  }

  /// Lets every planned change happen whose time has come.
  func advance(now: Int64) throws {
    var due: [(place: Int, state: SandboxTransfer.State)] = []
    for place in planned {
      due += transfers[place].plan.prefix { $0.at <= now }.map { (place, $0.state) }
    }
    guard !due.isEmpty else { return }
    try journal?.append(due.map { record($0.state, of: transfers[$0.place].order.key, at: now) })
    for (place, state) in due { change(place, to: state) }
    planned.removeAll { transfers[$0].plan.isEmpty }
  }

  /// Makes a transfer fail late or come back, as a test or an operator asks.
  func push(_ key: String, to state: SandboxTransfer.State, now: Int64) throws -> Push {
    try advance(now: now)
    guard let place = places[key] else { return .unknownKey }
    let old = transfers[place].state
    if old == state { return .unchanged(transfers[place]) }
    guard old.mayBecome(state) else { return .notPossible(from: old) }
    try journal?.append([record(state, of: key, at: now)])
    change(place, to: state)
    return .changed(transfers[place])
  }

  // MARK: Memory

  private func add(_ transfer: SandboxTransfer) {
    places[transfer.order.key] = transfers.count
    if !transfer.plan.isEmpty { planned.append(transfers.count) }
    transfers.append(transfer)
  }

  private func change(_ place: Int, to state: SandboxTransfer.State) {
    transfers[place].state = state
    if transfers[place].plan.first?.state == state {
      transfers[place].plan.removeFirst()
    } else {
      transfers[place].plan = []
    }
    changes.append(
      Change(number: changes.count + 1, key: transfers[place].order.key, state: state))
  }

  // MARK: Journal

  private struct Unreadable: Error, CustomStringConvertible {
    let description = "the record is not one of this program's"
  }

  private func record(_ transfer: SandboxTransfer, at now: Int64) -> JSON {
    let order = transfer.order
    return [
      "record": "transfer", "key": .string(order.key), "amount": .string(order.amount),
      "currency": .string(order.currency), "recipient": .string(order.recipient),
      "name": .string(order.name), "reference": .string(order.reference), "at": .int(now),
      "plan": .array(
        transfer.plan.map { ["state": .string($0.state.rawValue), "at": .int($0.at)] }),
    ]
  }

  private func record(_ state: SandboxTransfer.State, of key: String, at now: Int64) -> JSON {
    ["record": "change", "key": .string(key), "state": .string(state.rawValue), "at": .int(now)]
  }

  private func read(_ record: JSON) throws {
    guard let key = record["key"]?.string else { throw Unreadable() }
    switch record["record"]?.string {
    case "transfer":
      guard case .order(let order) = SandboxTransfer.Order.read(record, key: key),
        places[key] == nil
      else { throw Unreadable() }
      let plan = try (record["plan"]?.array ?? []).map { try self.planned($0) }
      add(SandboxTransfer(number: transfers.count + 1, order: order, state: .accepted, plan: plan))
    case "change":
      guard let place = places[key] else { throw Unreadable() }
      change(place, to: try state(record))
    default: throw Unreadable()
    }
  }

  private func planned(_ record: JSON) throws -> SandboxTransfer.Planned {
    guard let at = record["at"]?.int else { throw Unreadable() }
    return SandboxTransfer.Planned(state: try state(record), at: at)
  }

  private func state(_ record: JSON) throws -> SandboxTransfer.State {
    guard let text = record["state"]?.string, let state = SandboxTransfer.State(rawValue: text)
    else { throw Unreadable() }
    return state
  }
}
