import Postgres

/// A recorded sale or return, as its royalty is computed.
struct CountedLine: Sendable {
  /// The sale that a return points at, as far as it is known.
  struct Origin: Sendable {
    let id: String
    let soldAt: Timestamp
    let place: SalePlace
    let listPrice: Int64?
  }

  /// Unique among lines of its product.
  let id: String
  /// Negative for units that came back.
  let quantity: Int64
  let unitPrice: Int64
  var discount: Int64 = 0
  var allowance: Int64 = 0
  /// Further deductions by name, in nanos.
  var deductions: [String: Int64] = [:]
  var listPrice: Int64?
  let currency: String
  let place: SalePlace
  let soldAt: Timestamp
  var origin: Origin?
  /// Whether a return points at it: only then its portions must be kept.
  var comesBack = false
  /// Who brought the buyer; of a return whoever did so of its sale.
  var referrer: UUID?

  var units: Int64 { abs(quantity) }

  /// Whose contract and shares govern it.
  var governedAt: Timestamp { origin?.soldAt ?? soldAt }

  /// Where its sale was made.
  var governedPlace: SalePlace { origin?.place ?? place }
}
