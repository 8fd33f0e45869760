/// The members of objects: a key and its value in one call.
extension JSONWriter {
  public mutating func field(_ key: StaticString, _ value: String) {
    self.key(key)
    self.value(value)
  }
  public mutating func field(_ key: StaticString, _ value: Int64) {
    self.key(key)
    self.value(value)
  }
  public mutating func field(_ key: StaticString, _ value: Int) {
    self.key(key)
    self.value(value)
  }
  public mutating func field(_ key: StaticString, _ value: Bool) {
    self.key(key)
    self.value(value)
  }
  public mutating func field(_ key: StaticString, _ value: Double) {
    self.key(key)
    self.value(value)
  }
  public mutating func field(_ key: StaticString, _ value: JSON) {
    self.key(key)
    self.value(value)
  }

  /// A member that is null when there is no value.
  public mutating func field(_ key: StaticString, _ value: String?) {
    self.key(key)
    if let value { self.value(value) } else { null() }
  }

  /// A member that is null when there is no value.
  public mutating func field(_ key: StaticString, _ value: Int64?) {
    self.key(key)
    if let value { self.value(value) } else { null() }
  }

  /// A member that is an object.
  public mutating func object(
    _ key: StaticString, _ body: (inout JSONWriter) throws -> Void
  ) rethrows {
    self.key(key)
    try object(body)
  }

  /// A member that is an array with one element for each of `elements`.
  public mutating func array<Elements: Sequence>(
    _ key: StaticString, _ elements: Elements,
    _ body: (inout JSONWriter, Elements.Element) throws -> Void
  ) rethrows {
    self.key(key)
    try array(elements, body)
  }

  /// A member that is a short text; see `ascii`.
  public mutating func field(
    _ key: StaticString, asciiOf limit: Int,
    _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Int
  ) {
    self.key(key)
    ascii(limit, fill)
  }

  /// A member whose value is UTF-8 that lies somewhere else.
  public mutating func field(_ key: StaticString, utf8 text: UnsafeRawBufferPointer) {
    self.key(key)
    value(utf8: text)
  }

  /// The whole of one object as bytes.
  /// - Parameter capacity: about as many bytes as it will have; spares growing on the way.
  public static func object(
    reserving capacity: Int = 256, _ body: (inout JSONWriter) throws -> Void
  ) rethrows -> [UInt8] {
    var writer = JSONWriter(reserving: capacity)
    try writer.object(body)
    return writer.bytes
  }
}
