import JSON

/// A field of an entry's form: what is asked for, as data.
public struct EntryField: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case text(TextRange)
    case number(NumberRange)
    /// A number with one of these units.
    case units(NumberRange, units: [String])
    /// So many of these options.
    case choice(options: [String], count: ClosedRange<Int>)
    case image
    case file(types: [FileType], mostBytes: Int)
  }

  public struct TextRange: Sendable, Equatable {
    public let length: ClosedRange<Int>
    /// Whether it may have more than one line.
    public let hasLines: Bool
    /// Whether no other entry of the project may say the same.
    public let isUnique: Bool
  }

  public struct NumberRange: Sendable, Equatable {
    public let least: ExactNumber?
    public let most: ExactNumber?
    /// Digits after the point.
    public let decimals: Int
    /// The distance of the values that are taken, from `least` or 0 on.
    public let step: ExactNumber?
  }

  public let name: String
  public let label: String
  public let help: String?
  public let isRequired: Bool
  public let kind: Kind

  public init(
    _ name: String, label: String, help: String? = nil, isRequired: Bool = true, _ kind: Kind
  ) {
    self.name = name
    self.label = label
    self.help = help
    self.isRequired = isRequired
    self.kind = kind
  }

  /// The words that `kind` takes.
  public enum Word: String, CaseIterable, Sendable {
    case text, number, units, choice, image, file
  }

  /// The longest text that can be asked to be unique.
  static let longestUnique = 200
  static let mostFileBytes = ImageProgram.mostBytes

  init(_ fields: inout Fields) {
    name = fields.text("name")
    if !EntryField.isName(name) {
      fields.note("name", "must be 1 to 40 of a-z, 0-9 and _, a letter first")
    }
    label = fields.text("label").trimmed
    if let fault = label.fault(1...100) { fields.note("label", fault) }
    help = fields.optionalText("help")?.trimmed
    if let fault = help?.fault(0...500) { fields.note("help", fault) }
    isRequired = fields.optionalFlag("required") ?? true
    switch fields.choice("kind", of: Word.self) {
    case .text: kind = .text(EntryField.text(&fields))
    case .number: kind = .number(EntryField.number(&fields))
    case .units:
      let range = EntryField.number(&fields)
      kind = .units(range, units: EntryField.texts("units", 1...20, 1...20, &fields))
    case .choice: kind = EntryField.choice(&fields)
    case .image: kind = .image
    case .file:
      let types = fields.words("types", of: FileType.self)
      let given = fields.json("types")
      if given == nil || given == [] { fields.note("types", "must name at least one type") }
      let most = fields.optionalWhole("max_bytes", in: 1...Int64(EntryField.mostFileBytes))
      kind = .file(types: types, mostBytes: Int(most ?? Int64(EntryField.mostFileBytes)))
    }
  }

  static func isName(_ text: String) -> Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard (1...40).contains(text.utf8.count), letters.contains(text.utf8.first ?? 0) else {
      return false
    }
    return text.utf8.allSatisfy {
      letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "_")
    }
  }

  private static func text(_ fields: inout Fields) -> TextRange {
    let least = fields.optionalWhole("min", in: 0...10_000) ?? 1
    let most = fields.optionalWhole("max", in: 1...10_000) ?? max(least, 1000)
    if least > most { fields.note("max", "must not be less than min") }
    let isUnique = fields.optionalFlag("unique") ?? false
    if isUnique && most > longestUnique {
      fields.note("max", "must be at most \(longestUnique) where the text is unique")
    }
    return TextRange(
      length: Int(least)...Int(max(least, most)),
      hasLines: fields.optionalFlag("lines") ?? false, isUnique: isUnique)
  }

  private static func number(_ fields: inout Fields) -> NumberRange {
    let decimals = Int(fields.optionalWhole("decimals", in: 0...9) ?? 0)
    let least = exact("min", decimals, &fields)
    let most = exact("max", decimals, &fields)
    let step = exact("step", decimals, &fields)
    if let least, let most, least > most { fields.note("max", "must not be less than min") }
    if let step, step.nanos <= 0 { fields.note("step", "must be more than 0") }
    return NumberRange(least: least, most: most, decimals: decimals, step: step)
  }

  private static func exact(_ name: String, _ decimals: Int, _ fields: inout Fields)
    -> ExactNumber?
  {
    guard let text = fields.optionalText(name) else { return nil }
    guard let number = ExactNumber(text) else {
      fields.note(name, "must be a decimal number such as \"12.5\"")
      return nil
    }
    if number.decimals > decimals {
      fields.note(name, "must have no more digits after the point than decimals says")
    }
    return number
  }

  private static func choice(_ fields: inout Fields) -> Kind {
    let options = texts("options", 1...100, 1...100, &fields)
    let least = fields.optionalWhole("min", in: 1...100) ?? 1
    let most = fields.optionalWhole("max", in: 1...100) ?? max(1, least)
    if least > most { fields.note("max", "must not be less than min") }
    if most > options.count { fields.note("max", "must not be more than there are options") }
    return .choice(options: options, count: Int(least)...Int(max(least, most)))
  }

  /// An array of texts that differ.
  private static func texts(
    _ name: String, _ count: ClosedRange<Int>, _ length: ClosedRange<Int>, _ fields: inout Fields
  ) -> [String] {
    let values = fields.json(name)?.array ?? []
    let texts = values.compactMap { $0.string?.trimmed }.filter { $0.fault(length) == nil }
    if texts.count < values.count || !count.contains(texts.count) {
      fields.note(
        name,
        "must be an array of \(count.lowerBound) to \(count.upperBound) texts of "
          + "\(length.lowerBound) to \(length.upperBound) characters")
    } else if Set(texts).count < texts.count {
      fields.note(name, "must not hold a text twice")
    }
    return texts
  }
}
