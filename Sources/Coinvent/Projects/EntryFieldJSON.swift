import JSON

extension EntryField {
  /// As it is kept and shown: every figure, given or not.
  var json: JSON {
    var object = JSONObject()
    object["name"] = .string(name)
    object["label"] = .string(label)
    if let help, !help.isEmpty { object["help"] = .string(help) }
    object["required"] = .bool(isRequired)
    object["kind"] = .string(word.rawValue)
    switch kind {
    case .text(let range):
      object["min"] = .int(Int64(range.length.lowerBound))
      object["max"] = .int(Int64(range.length.upperBound))
      object["lines"] = .bool(range.hasLines)
      object["unique"] = .bool(range.isUnique)
    case .number(let range): add(range, to: &object)
    case .units(let range, let units):
      add(range, to: &object)
      object["units"] = .array(units.map(JSON.string))
    case .choice(let options, let count):
      object["options"] = .array(options.map(JSON.string))
      object["min"] = .int(Int64(count.lowerBound))
      object["max"] = .int(Int64(count.upperBound))
    case .image: break
    case .file(let types, let most):
      object["types"] = .array(types.map { .string($0.rawValue) })
      object["max_bytes"] = .int(Int64(most))
    }
    return .object(object)
  }

  var word: Word {
    switch kind {
    case .text: .text
    case .number: .number
    case .units: .units
    case .choice: .choice
    case .image: .image
    case .file: .file
    }
  }

  private func add(_ range: NumberRange, to object: inout JSONObject) {
    if let least = range.least { object["min"] = .string(least.description) }
    if let most = range.most { object["max"] = .string(most.description) }
    object["decimals"] = .int(Int64(range.decimals))
    if let step = range.step { object["step"] = .string(step.description) }
  }
}
