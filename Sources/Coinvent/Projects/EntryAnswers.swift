import JSON

/// What an entry says, field by field, once it has been held against its form.
public struct EntryAnswers: Sendable {
  /// As it is kept: texts without blanks around, numbers in their shortest form.
  public let json: JSON
  /// The folded text of each field whose texts are entered once.
  let unique: [(field: String, folded: String)]
  /// The file of each field that asks for one.
  let files: [(field: String, id: EntryFileID)]

  /// - Parameter pointer: where the answers stand in the request.
  /// - Throws: `Invalid` with every mistake at once.
  init(_ json: JSON, form: EntryForm, at pointer: String = "/answers") throws(Invalid) {
    var fields = try Fields(json, at: pointer)
    var object = JSONObject()
    var unique: [(field: String, folded: String)] = []
    var files: [(field: String, id: EntryFileID)] = []
    for field in form.fields {
      guard let value = fields.json(field.name) else {
        if field.isRequired { fields.note(field.name, "is required") }
        continue
      }
      switch EntryAnswers.read(value, field) {
      case .fault(let message): fields.note(field.name, message)
      case .answer(let answer):
        object[field.name] = answer
        if case .text(let range) = field.kind, range.isUnique, let text = answer.string {
          unique.append((field.name, EntryAnswers.folded(text)))
        }
        if let id = EntryAnswers.file(answer, field) { files.append((field.name, id)) }
      }
    }
    try fields.finish()
    self.json = .object(object)
    self.unique = unique
    self.files = files
  }

  /// Texts that are the same to a reader: in lower case, with single blanks. What Unicode writes in
  /// several ways the database makes one (NFKC).
  static func folded(_ text: String) -> String {
    text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private enum Reading {
    case answer(JSON)
    case fault(String)
  }

  private static func file(_ answer: JSON, _ field: EntryField) -> EntryFileID? {
    switch field.kind {
    case .image, .file: answer.string.flatMap(EntryFileID.init)
    case .text, .number, .units, .choice: nil
    }
  }

  private static func read(_ value: JSON, _ field: EntryField) -> Reading {
    switch field.kind {
    case .text(let range):
      guard let text = value.string?.trimmed else {
        return .fault("must be a string, not \(value.kind)")
      }
      if let fault = text.fault(range.length, lines: range.hasLines) { return .fault(fault) }
      return .answer(.string(text))
    case .number(let range): return number(value, range)
    case .units(let range, let units): return measure(value, range, units)
    case .choice(let options, let count): return choice(value, options, count)
    case .image, .file:
      guard let id = value.string.flatMap(EntryFileID.init) else {
        return .fault("must be the id of a file that was uploaded for this field")
      }
      return .answer(.string(id.description))
    }
  }

  private static func number(_ value: JSON, _ range: EntryField.NumberRange) -> Reading {
    guard let number = value.string.flatMap(ExactNumber.init) else {
      return .fault("must be a decimal number as a string, such as \"12.5\"")
    }
    if number.decimals > range.decimals {
      return .fault("must have at most \(range.decimals) digits after the point")
    }
    if let least = range.least, number < least { return .fault("must be at least \(least)") }
    if let most = range.most, number > most { return .fault("must be at most \(most)") }
    if let step = range.step {
      let start = Int128(range.least?.nanos ?? 0)
      if (Int128(number.nanos) - start) % Int128(step.nanos) != 0 {
        return .fault(
          "must be \(range.least.map(\.description) ?? "0") and a multiple of \(step)")
      }
    }
    return .answer(.string(number.description))
  }

  private static func measure(
    _ value: JSON, _ range: EntryField.NumberRange, _ units: [String]
  ) -> Reading {
    guard let object = value.object, Set(object.keys) == ["value", "unit"],
      let unit = object["unit"]?.string, units.contains(unit), let amount = object["value"]
    else {
      return .fault(
        "must be an object of a value and a unit, one of " + units.joined(separator: ", "))
    }
    switch number(amount, range) {
    case .fault(let message): return .fault("its value " + message)
    case .answer(let number): return .answer(["value": number, "unit": .string(unit)])
    }
  }

  private static func choice(_ value: JSON, _ options: [String], _ count: ClosedRange<Int>)
    -> Reading
  {
    if count == 1...1 {
      guard let option = value.string, options.contains(option) else {
        return .fault("must be one of " + options.joined(separator: ", "))
      }
      return .answer(value)
    }
    let chosen = value.array?.map { $0.string ?? "" } ?? []
    guard value.array != nil, chosen.allSatisfy(options.contains),
      Set(chosen).count == chosen.count, count.contains(chosen.count)
    else {
      return .fault(
        "must be an array of \(count.lowerBound) to \(count.upperBound) different ones of "
          + options.joined(separator: ", "))
    }
    return .answer(.array(options.filter(chosen.contains).map(JSON.string)))
  }
}
