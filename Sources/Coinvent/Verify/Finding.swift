/// One thing in the books that is not as the rules say.
public struct Finding: Sendable, Equatable, CustomStringConvertible {
  /// Which rule.
  public let check: String
  /// Which row, what it should be and what it is.
  public let detail: String
  public var description: String { "\(check): \(detail)" }
}
