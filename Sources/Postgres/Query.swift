/// A statement and the values bound to it.
///
/// Every interpolated value becomes a parameter (`$1`, `$2` …) and never part of the text:
///
///     let query: Query = "SELECT id FROM ideas WHERE state = \(state) AND votes > \(least)"
///
/// Another `Query` is spliced in with its own values; raw text only by `\(unsafeSQL: …)`.
/// Printing a query shows its text and none of its values.
public struct Query: ExpressibleByStringInterpolation, Sendable, CustomStringConvertible {
  /// The text, with a numbered placeholder for each value.
  public private(set) var sql: String
  public private(set) var binds: [Bind]
  /// What all binds hold, one after the other, in wire format.
  private(set) var payload: [UInt8] = []

  /// One bound value: its type and where its bytes lie.
  public struct Bind: Sendable {
    public let type: PostgresType
    let declared: UInt32
    let isBinary: Bool
    /// Of the payload; nil binds NULL.
    let range: Range<Int>?
    /// Where its placeholder begins in the text, in UTF-8 bytes.
    let offset: Int

    func moved(payload: Int, offset: Int) -> Bind {
      let range = range.map { $0.lowerBound + payload..<$0.upperBound + payload }
      return Bind(
        type: type, declared: declared, isBinary: isBinary, range: range, offset: offset)
    }
  }

  /// Text taken as it is; never pass anything that came from outside.
  public init(unsafeSQL sql: String) {
    self.sql = sql
    binds = []
  }

  public init(stringLiteral sql: String) { self.init(unsafeSQL: sql) }

  public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.query }

  public struct StringInterpolation: StringInterpolationProtocol {
    var query = Query(unsafeSQL: "")

    public init(literalCapacity: Int, interpolationCount: Int) {
      query.sql.reserveCapacity(literalCapacity + 3 * interpolationCount)
      query.binds.reserveCapacity(interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) { query.sql += literal }

    /// Binds a value; nil binds NULL.
    public mutating func appendInterpolation(_ value: some PostgresEncodable) {
      query.bind(value)
    }

    /// Binds an optional value; nil is NULL. Without this overload the compiler warns of a debug
    /// description.
    public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
      query.bind(value)
    }

    /// Splices another statement with its values.
    public mutating func appendInterpolation(_ other: Query) { query.append(other) }

    /// Splices text as it is; never pass anything that came from outside.
    public mutating func appendInterpolation(unsafeSQL text: String) { query.sql += text }
  }

  mutating func bind<Value: PostgresEncodable>(_ value: Value) {
    let type = Value.postgresType
    let start = payload.count
    let offset = sql.utf8.count
    var range: Range<Int>?
    var isBinary = type.isBinary
    if !value.isNull {
      value.encode(into: &payload)
      range = start..<payload.count
      if !isBinary {
        // libpq takes text up to the first NUL byte. A value that has one goes out in binary
        // instead, and the server refuses it rather than storing half of it.
        isBinary = payload[start...].contains(0)
        payload.append(0)
      }
    }
    binds.append(
      Bind(
        type: type, declared: type.declared, isBinary: isBinary, range: range, offset: offset))
    sql += "$\(binds.count)"
  }

  mutating func append(_ other: Query) {
    let base = payload.count
    payload += other.payload
    var rest = Substring(other.sql).utf8
    var consumed = 0
    for (index, bind) in other.binds.enumerated() {
      sql += String(Substring(rest.prefix(bind.offset - consumed)))
      let placeholder = "$\(index + 1)".utf8.count
      rest = rest.dropFirst(bind.offset - consumed + placeholder)
      consumed = bind.offset + placeholder
      binds.append(bind.moved(payload: base, offset: sql.utf8.count))
      sql += "$\(binds.count)"
    }
    sql += String(Substring(rest))
  }

  public static func + (left: Query, right: Query) -> Query {
    var sum = left
    sum.append(right)
    return sum
  }

  public static func += (left: inout Query, right: Query) { left.append(right) }

  public var description: String { sql }
}
