/// Why bytes are no JSON that we take. Never repeats the input, so it is safe to show and to log.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Reason: String, Sendable, CaseIterable {
    case empty = "the text is empty"
    case syntax = "this is not valid JSON"
    case incomplete = "the text ends too early"
    case trailing = "there is text after the end of the value"
    case notUTF8 = "the text is not valid UTF-8"
    case duplicateKey = "a key appears twice in one object"
    case numberTooBig = "a number does not fit: whole numbers have 64 bits, others a double"
    case nul = "a string contains a NUL character"
    case tooDeep = "arrays and objects are nested too deeply"
  }

  public let reason: Reason
  /// Line of the mistake, from 1.
  public let line: Int
  /// Characters before the end of the mistake in its line.
  public let column: Int

  public init(_ reason: Reason, line: Int, column: Int) {
    self.reason = reason
    self.line = line
    self.column = column
  }

  public var description: String { "\(reason.rawValue) (line \(line), column \(column))" }
}
