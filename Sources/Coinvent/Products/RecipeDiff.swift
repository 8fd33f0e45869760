import JSON

/// What one recipe says otherwise than another, part by part.
public struct RecipeDiff: Sendable {
  /// A part that differs; nil on the side that has none.
  public struct Change: Sendable {
    public let name: String
    public let before: Recipe.Part?
    public let after: Recipe.Part?

    /// By how many ppb the part grows.
    public var growth: Int64 { (after?.ppb ?? 0) - (before?.ppb ?? 0) }
  }

  public let changes: [Change]
  public let unclaimed: (before: Recipe.Unclaimed, after: Recipe.Unclaimed)

  public init(from before: Recipe, to after: Recipe) {
    let old = before.parts.map { part in
      Change(
        name: part.name, before: part, after: after.parts.first { $0.name == part.name })
    }
    let new = after.parts.filter { part in !before.parts.contains { $0.name == part.name } }
      .map { Change(name: $0.name, before: nil, after: $0) }
    changes = (old + new).filter { $0.before != $0.after }
    unclaimed = (before.unclaimed, after.unclaimed)
  }

  public var isEmpty: Bool { changes.isEmpty && unclaimed.before == unclaimed.after }

  public var json: JSON {
    [
      "parts": .array(
        changes.map { change in
          [
            "part": .string(change.name), "before": change.before?.json ?? .null,
            "after": change.after?.json ?? .null, "growth_ppb": .int(change.growth),
            "growth_percent": .string(Recipe.percent(change.growth)),
          ]
        }),
      "unclaimed_before": .string(unclaimed.before.rawValue),
      "unclaimed_after": .string(unclaimed.after.rawValue),
    ]
  }
}

extension Recipe {
  /// A share in percent with all its digits: `42 %` is 420 000 000 ppb.
  public static func percent(_ ppb: Int64) -> String {
    let (whole, part) = ppb.magnitude.quotientAndRemainder(dividingBy: 10_000_000)
    var digits = String(part + 10_000_000).dropFirst()
    while digits.last == "0" { digits = digits.dropLast() }
    return (ppb < 0 ? "-" : "") + "\(whole)" + (digits.isEmpty ? "" : ".\(digits)")
  }
}
