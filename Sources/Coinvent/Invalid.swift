import JSON

/// Everything that is wrong with what somebody sent, by JSON pointer (RFC 6901).
public struct Invalid: Error, Sendable, CustomStringConvertible {
  /// A JSON pointer and what is wrong there.
  public typealias Fault = (pointer: String, message: String)

  public private(set) var fields: [Fault] = []

  public init() {}

  public init(_ pointer: String, _ message: String) {
    add(pointer, message)
  }

  /// Throws when there is a fault to tell.
  public static func refuse(_ faults: [Fault]) throws(Invalid) {
    if faults.isEmpty { return }
    var invalid = Invalid()
    for (pointer, message) in faults { invalid.add(pointer, message) }
    throw invalid
  }

  /// The same faults of a value that sits at `pointer` in a larger one.
  public func within(_ pointer: String) -> Invalid {
    var outer = Invalid()
    for field in fields { outer.add(pointer + field.pointer, field.message) }
    return outer
  }

  public var isEmpty: Bool { fields.isEmpty }

  public mutating func add(_ pointer: String, _ message: String) {
    fields.append((pointer, message))
  }

  public mutating func add(_ other: Invalid) {
    fields += other.fields
  }

  public var description: String {
    fields.map { "\($0.pointer): \($0.message)" }.joined(separator: "; ")
  }

  // MARK: Readers that note what is wrong and go on

  /// Notes members that nobody asked for, so that a misspelt name is not silently ignored.
  public mutating func refuseUnknown(in json: JSON, known: Set<String>, at pointer: String) {
    guard let object = json.object else {
      add(pointer, "must be an object")
      return
    }
    for key in object.keys where !known.contains(key) {
      add("\(pointer)/\(Invalid.escape(key))", "is not a field here")
    }
  }

  /// A text of so many characters; nil and a note when it is not there or does not fit.
  public mutating func text(
    _ json: JSON, _ key: String, at pointer: String = "", in lengths: ClosedRange<Int>
  ) -> String? {
    guard let text = json[key]?.string else {
      add("\(pointer)/\(key)", json[key] == nil ? "is missing" : "must be a string")
      return nil
    }
    guard lengths.contains(text.count) else {
      add(
        "\(pointer)/\(key)",
        "must have \(lengths.lowerBound) to \(lengths.upperBound) characters; "
          + "this has \(text.count)"
      )
      return nil
    }
    return text
  }

  /// A whole number within a range.
  public mutating func whole(
    _ json: JSON, _ key: String, at pointer: String = "", in range: ClosedRange<Int64>
  ) -> Int64? {
    guard let number = json[key]?.int else {
      add("\(pointer)/\(key)", json[key] == nil ? "is missing" : "must be a whole number")
      return nil
    }
    guard range.contains(number) else {
      add("\(pointer)/\(key)", "must be \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// One of an enum's names.
  public mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ json: JSON, _ key: String, at pointer: String = "", of: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    if let text = json[key]?.string, let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    add("\(pointer)/\(key)", "must be one of \(names)")
    return nil
  }

  /// A member's name as it stands in a pointer.
  public static func escape(_ key: String) -> String {
    key.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
      .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
  }
}
