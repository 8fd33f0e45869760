import JSON

/// What one contract says otherwise than another, term by term.
public struct ContractDiff: Sendable {
  /// A term that differs; nil on the side that has none.
  public struct Change: Sendable {
    /// Such as `base`, `rates/direct` or `reserve`.
    public let term: String
    public let before: JSON?
    public let after: JSON?
  }

  public let changes: [Change]

  public init(from before: ContractTerms, to after: ContractTerms) {
    let (old, new) = (ContractDiff.terms(before), ContractDiff.terms(after))
    let terms = old.map(\.0) + new.map(\.0).filter { name in !old.contains { $0.0 == name } }
    changes = terms.compactMap { name in
      let sides = (old.first { $0.0 == name }?.1, new.first { $0.0 == name }?.1)
      return sides.0 == sides.1 ? nil : Change(term: name, before: sides.0, after: sides.1)
    }
  }

  /// Rates, and what has a name, each by itself; everything else as it stands.
  public static func terms(_ contract: ContractTerms) -> [(String, JSON)] {
    (contract.json.object ?? JSONObject()).flatMap { key, value -> [(String, JSON)] in
      if key == "rates" || key == "list_prices" {
        return (value.object ?? JSONObject()).map { ("\(key)/\($0)", $1) }
      }
      guard ["advances", "costs", "guarantees"].contains(key) else { return [(key, value)] }
      return (value.array ?? []).map { ("\(key)/\($0["name"]?.string ?? "")", $0) }
    }
  }

  public var json: JSON {
    .array(
      changes.map {
        ["term": .string($0.term), "before": $0.before ?? .null, "after": $0.after ?? .null]
      })
  }
}
