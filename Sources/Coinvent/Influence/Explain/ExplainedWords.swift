extension Recipe.Part {
  /// How the part is divided, in a sentence.
  public var rule: String {
    switch policy {
    case .named: "Those who are named share it in proportion to what they agreed on."
    case .equal: "Each adopted contribution counts one."
    case .weight, .proRata: "It is shared in proportion to weight, such as units that were bought."
    case .pickWeight:
      "It is shared in proportion to the weight of a pick, times the agreed part of its team."
    case .selective:
      "A choice counts one over the number of choices that its member made in the round."
    case .earlyWeighted:
      "The first \(step ?? 1) votes for an entry count one, the next \(step ?? 1) a half, the next "
        + "a third, and so on."
    case .accuracy:
      "A guess counts as much as it is nearer to what came true than "
        + "\(Accuracy.percent(tolerancePPM ?? 0)) of it; others count nothing."
    case .lifetimeBalanced:
      "It tops up what members hold by other parts, towards their part of the weight of all."
    }
  }
}

extension ExplainedPart {
  /// The whole arithmetic in sentences, the first of them the rule.
  public var sentences: [String] {
    var sentences = [worth, part.rule]
    if size == 0 {
      sentences.append("Nobody's events count for it, so that it is worth nothing here.")
      return sentences
    }
    sentences.append(weighing)
    if let held { sentences.append(balance(held)) }
    switch rule {
    case .nothing:
      sentences.append(
        held == nil
          ? "Events that weigh nothing earn nothing."
          : "That is no less than a part by weight of all would be: there is nothing to top up.")
    case .cap:
      sentences.append(
        "That would be more than one member holds of this part at the most, \(ppb) ppb; what is "
          + "above goes to the others.")
    case .minimum:
      sentences.append(
        "That would be less than one member holds of this part at the least, \(ppb) ppb; the "
          + "others give it.")
    case .same:
      sentences.append(
        "The part is too small to give everybody the least, \(part.minimum ?? 0) ppb: all hold the "
          + "same.")
    case .proportion: break
    }
    if let rounding { sentences += words(rounding) }
    return sentences
  }

  private var worth: String {
    let recipe = "\(Recipe.percent(part.ppb)) % by the recipe, \(part.ppb) ppb"
    if size == part.ppb || size == 0 { return "The part is \(recipe)." }
    return "The part is \(recipe), and \(size) ppb with its part of what nobody earned."
  }

  private var weighing: String {
    let count = events == 1 ? "The member's event weighs" : "The member's \(events) events weigh"
    let others = members == 1 ? "nobody else's count" : "those of all \(members) members \(all)"
    return "\(count) \(weight); \(others)."
  }

  private func balance(_ held: Int64) -> String { "By other parts the member holds \(held) ppb." }

  private func words(_ rounding: Rounding) -> [String] {
    var sentences: [String] = []
    if rounding.whole != size {
      sentences.append(
        "\(rounding.whole) ppb are left for the \(rounding.sharers) members between the bounds.")
    }
    if held != nil {
      sentences.append(
        "What the member falls short of a part by weight, beside what all \(rounding.sharers) who "
          + "do fall short of, is \(Ratio(rounding.number, rounding.total)).")
    }
    let ratio = Ratio(rounding.number, rounding.total)
    sentences.append(
      "\(rounding.whole) × \(ratio.numerator) ÷ \(ratio.denominator) = \(rounding.floor)"
        + (rounding.remainder == 0
          ? " exactly." : ", and a remainder of \(Ratio(rounding.remainder, rounding.total)) ppb."))
    if rounding.remainder > 0 {
      sentences.append(
        "Rounding down left \(rounding.leftover) ppb over, which went to the largest remainders"
          + (rounding.hasExtra ? ", this one among them." : "; this one was not among them."))
    }
    return sentences
  }
}
