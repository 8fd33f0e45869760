import JSON

/// Reads the members of a JSON object and collects everything wrong with them.
///
/// A bad member is noted and a stand-in is returned, so that one answer can name all faults;
/// nothing that was read is used before `finish` has passed.
public struct Fields {
  private let object: JSONObject
  private let base: String
  private var asked: Set<String> = []
  private var faults: [Invalid.Fault] = []

  /// - Parameter base: the JSON pointer of the object itself.
  public init(_ json: JSON, at base: String = "") throws(Invalid) {
    guard let object = json.object else { throw Invalid(base, "must be an object") }
    self.object = object
    self.base = base
  }

  /// Ends the reading: members nobody asked for are faults too.
  /// - Parameter more: faults found by the domain, for fields that had the right kind.
  public func finish(and more: [Invalid.Fault] = []) throws(Invalid) {
    let told = Set(faults.map(\.pointer))
    let unknown = object.keys.filter { !asked.contains($0) }
      .map { (pointer: pointer($0), message: "is not known here") }
    let further = more.map { (pointer: base + $0.pointer, message: $0.message) }
      .filter { !told.contains($0.pointer) }
    try Invalid.refuse(faults + further + unknown)
  }

  /// Notes a fault of a member, found by the caller.
  public mutating func note(_ name: String, _ message: String) {
    faults.append((pointer(name), message))
  }

  /// The member as it is; nil when absent or null.
  public mutating func json(_ name: String) -> JSON? {
    asked.insert(name)
    guard let value = object[name], !value.isNull else { return nil }
    return value
  }

  public mutating func optionalText(_ name: String) -> String? {
    guard let value = json(name) else { return nil }
    if value.string == nil { note(name, "must be a string, not \(value.kind)") }
    return value.string
  }

  /// A string; the domain looks at what is in it.
  public mutating func text(_ name: String) -> String {
    guard let value = required(name) else { return "" }
    if value.string == nil { note(name, "must be a string, not \(value.kind)") }
    return value.string ?? ""
  }

  public mutating func optionalWhole(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
    guard let value = json(name) else { return nil }
    return whole(name, value, in: range)
  }

  /// A whole number inside `range`.
  public mutating func whole(_ name: String, in range: ClosedRange<Int64>) -> Int64 {
    guard let value = required(name) else { return range.lowerBound }
    return whole(name, value, in: range)
  }

  private mutating func whole(_ name: String, _ value: JSON, in range: ClosedRange<Int64>)
    -> Int64
  {
    if let number = value.int, range.contains(number) { return number }
    note(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    return range.lowerBound
  }

  public mutating func optionalFlag(_ name: String) -> Bool? {
    guard let value = json(name) else { return nil }
    if value.bool == nil { note(name, "must be true or false") }
    return value.bool
  }

  /// One of the words of an enum.
  public mutating func choice<Choice>(_ name: String, of: Choice.Type) -> Choice
  where Choice: RawRepresentable<String> & CaseIterable {
    optionalChoice(name, of: Choice.self, isRequired: true) ?? firstCase()
  }

  public mutating func optionalChoice<Choice>(
    _ name: String, of: Choice.Type, isRequired: Bool = false
  ) -> Choice? where Choice: RawRepresentable<String> & CaseIterable {
    guard let value = isRequired ? required(name) : json(name) else { return nil }
    if let text = value.string, let choice = Choice(rawValue: text) { return choice }
    note(name, "must be one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    return nil
  }

  private func firstCase<Choice: CaseIterable>() -> Choice {
    guard let first = Choice.allCases.first else { preconditionFailure("an enum without a case") }
    return first
  }

  public mutating func optionalID<ID: EntityID>(_ name: String, as: ID.Type) -> ID? {
    guard let value = json(name) else { return nil }
    return id(name, value)
  }

  /// A TypeID with the prefix of its kind.
  public mutating func id<ID: EntityID>(_ name: String, as: ID.Type) -> ID {
    guard let value = required(name) else { return ID(uuid: .zero) }
    return id(name, value)
  }

  private mutating func id<ID: EntityID>(_ name: String, _ value: JSON) -> ID {
    if let text = value.string, let id = ID(text) { return id }
    note(name, "must be an id that begins with \(ID.prefix)_")
    return ID(uuid: .zero)
  }

  /// The elements of an array of objects, each read by `read` with pointers of its own.
  public mutating func list<Element>(
    _ name: String, _ count: ClosedRange<Int>, _ read: (inout Fields) throws(Invalid) -> Element
  ) -> [Element] {
    guard let value = required(name) else { return [] }
    guard let elements = value.array, count.contains(elements.count) else {
      note(name, "must be an array of \(count.lowerBound) to \(count.upperBound) objects")
      return []
    }
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      do {
        var fields = try Fields(element, at: pointer(name) + "/\(index)")
        let value = try read(&fields)
        try fields.finish()
        result.append(value)
      } catch {
        faults += error.fields
      }
    }
    return result
  }

  /// A member that reads itself and names its own faults, with pointers from the body's root.
  public mutating func part<Part>(_ name: String, _ read: (JSON) throws(Invalid) -> Part) -> Part? {
    guard let value = json(name) else { return nil }
    do {
      return try read(value)
    } catch {
      faults += error.fields
      return nil
    }
  }

  private mutating func required(_ name: String) -> JSON? {
    let value = json(name)
    if value == nil { note(name, "is required") }
    return value
  }

  private func pointer(_ name: String) -> String { "\(base)/\(Invalid.escape(name))" }
}
