/// Sale lines that come one after the other out of a file.
///
/// Blocking, like `CSVRows`.
public protocol SaleRows: AnyObject, Sendable {
  /// The next line; nil at the end.
  /// - Throws: `Invalid` for a line with mistakes, after which one may go on; `CSVError` ends it.
  func next() throws -> SaleLine?

  /// Rows that are no lines, counted by the reason for which they were passed over.
  var passedOver: [String: Int] { get }
  /// What the file itself says it adds up to, once it is read to its end.
  var stated: [SaleExpectation] { get }
}

extension SalesFile: SaleRows {
  public var passedOver: [String: Int] { [:] }
  public var stated: [SaleExpectation] { [] }
}
