import Postgres

/// A chain of gates as data.
public struct GateChain: Sendable {
  public struct Step: Sendable, Equatable {
    public let votes: Int64
    public let days: Int64

    public init(votes: Int64, days: Int64) {
      self.votes = votes
      self.days = days
    }
  }

  public let name: String
  public let steps: [Step]

  public init(name: String, steps: [Step]) {
    self.name = name
    self.steps = steps
  }

  /// Everything wrong with it, by JSON pointer.
  public var faults: [Invalid.Fault] {
    var found: [Invalid.Fault] = []
    let letters = name.utf8.allSatisfy {
      ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 45
    }
    if !letters || !(1...40).contains(name.utf8.count) || name.hasPrefix("-") {
      found.append(("/name", "must be 1 to 40 of a-z, 0-9 and -, not beginning with -"))
    }
    for (place, (one, other)) in zip(steps, steps.dropFirst()).enumerated()
    where other.votes <= one.votes {
      found.append(("/steps/\(place + 1)/votes", "must be more than the step before asks for"))
    }
    return found
  }

  public enum Outcome: Sendable {
    case made
    /// Chains never change: take another name.
    case nameTaken
  }

  /// Records the chain; ideas enter it only once it is chosen.
  /// - Throws: `Invalid` for a chain with faults.
  public func make(at now: Timestamp = .now, in tx: Transaction) async throws -> Outcome {
    try Invalid.refuse(faults)
    let made = try await tx.execute(
      """
      INSERT INTO gate_chains (name, made_at) VALUES (\(name), \(now)) ON CONFLICT DO NOTHING
      """)
    if made == 0 { return .nameTaken }
    try await tx.execute(
      """
      INSERT INTO gate_steps (chain, step, votes, days)
      SELECT \(name), number, votes, days
      FROM unnest(\(steps.map(\.votes)), \(steps.map(\.days)))
        WITH ORDINALITY AS s (votes, days, number)
      """)
    return .made
  }

  /// Chooses the chain that ideas enter from now on.
  /// - Parameter name: nil for no gates.
  /// - Returns: false when there is no such chain.
  public static func choose(
    _ name: String?, by member: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Bool {
    if let name {
      let known = try await tx.first(
        "SELECT name FROM gate_chains WHERE name = \(name)", as: String.self)
      if known == nil { return false }
    }
    try await tx.execute(
      """
      INSERT INTO gate_choices (chain, chosen_by, chosen_at)
      VALUES (\(name), \(member.uuid), \(now))
      """)
    try await Audit.record(
      "gates_chosen", on: "gates", after: ["chosen": name.map { .string($0) } ?? .null],
      by: member, at: now, in: tx)
    return true
  }

  /// All chains by name, and the one that ideas enter now.
  public static func all(in db: some Queryable) async throws -> (
    chains: [GateChain], chosen: String?
  ) {
    let rows = try await db.all(
      "SELECT chain, votes, days::bigint FROM gate_steps ORDER BY chain, step",
      as: (String, Int64, Int64).self)
    var chains: [GateChain] = []
    for (name, votes, days) in rows {
      let step = Step(votes: votes, days: days)
      if let last = chains.last, last.name == name {
        chains[chains.count - 1] = GateChain(name: name, steps: last.steps + [step])
      } else {
        chains.append(GateChain(name: name, steps: [step]))
      }
    }
    let chosen = try await db.first(
      "SELECT chain FROM gate_choices ORDER BY number DESC LIMIT 1", as: String?.self)
    return (chains, chosen ?? nil)
  }
}
