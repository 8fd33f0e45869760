import JSON

extension ExplainedShare {
  public var json: JSON {
    [
      "product_id": .string(basis.product.description), "member_id": .string(member.description),
      "state": .string(basis.state), "version": basis.version.map { .int(Int64($0)) } ?? .null,
      "recipe_version": .int(Int64(basis.recipeVersion)), "ppb": .int(ppb),
      "assigned_ppb": .int(assigned), "parts": .array(parts.map(\.json)),
      "events": .array(events.map(\.json)),
      "event_count": .int(eventCount),
      "next_cursor": next.map { .string($0.text) } ?? .null,
    ]
  }
}

extension ExplainedPart {
  /// Numbers that may pass 64 bits are texts.
  public var json: JSON {
    [
      "part": .string(part.name), "recipe": part.json, "ppb": .int(ppb), "size_ppb": .int(size),
      "members": .int(Int64(members)), "events": .int(events),
      "weight": .string(weight.description), "weight_of_all": .string(all.description),
      "held_ppb": held.map(JSON.int) ?? .null, "rule": .string(rule.rawValue),
      "rounding": rounding.map(\.json) ?? .null,
      "in_words": .array(sentences.map(JSON.string)),
    ]
  }
}

extension ExplainedPart.Rounding {
  fileprivate var json: JSON {
    [
      "whole_ppb": .int(whole), "sharers": .int(Int64(sharers)), "number": .string("\(number)"),
      "total": .string("\(total)"), "floor_ppb": .int(floor),
      "remainder": .string("\(remainder)"), "leftover_ppb": .int(leftover),
      "has_extra": .bool(hasExtra),
    ]
  }
}

extension ExplainedEvent {
  fileprivate var json: JSON {
    var json = JSONObject()
    json["id"] = .string(ContributionID(uuid: event.id).description)
    json["part"] = part.map { .string($0.name) } ?? .null
    json["slice"] = .string(event.slice.rawValue)
    if event.role != .any { json["role"] = .string(event.role.rawValue) }
    json["occurred_at"] = .string(event.occurredAt.description)
    json["weight"] = .int(event.weight)
    json["spread"] = event.spread.map(JSON.int)
    json["place"] = event.place.map(JSON.int)
    json["guess"] = event.guess.map {
      [
        "value": .string(InfluenceEvent.Guess.decimal($0.value)),
        "target": .string(InfluenceEvent.Guess.decimal($0.target)),
      ]
    }
    json["evidence"] = .string(evidence)
    json["in_words"] = .string(words)
    return .object(json)
  }
}

extension InfluenceEvent.Guess {
  /// Nanos with every digit that counts: `24.99`.
  static func decimal(_ nanos: Int64) -> String {
    let (whole, part) = nanos.quotientAndRemainder(dividingBy: 1_000_000_000)
    var digits = String(part + 1_000_000_000).dropFirst()
    while digits.last == "0" { digits = digits.dropLast() }
    return digits.isEmpty ? "\(whole)" : "\(whole).\(digits)"
  }
}
