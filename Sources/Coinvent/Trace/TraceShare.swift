import Ledger
import Postgres

/// From what a member did for a product, a vote or an entry, to the payouts that it became.
public struct TraceShare: Sendable {
  public struct Credit: Sendable {
    public let credit: TracedCredit
    public let sales: TracedSales
    public let parts: [Trace.Part]
    /// What is still in the balance of it, in nanos.
    public var left: Int64 { max(0, credit.amount) - parts.reduce(0) { $0 + $1.amount } }
  }

  /// The share, its parts and its events.
  public let share: ExplainedShare
  public let credits: [Credit]

  public enum Outcome: Sendable {
    case found(TraceShare)
    case unknownProduct
    /// The product has no shares of that number.
    case unknownVersion
  }

  /// - Parameter version: of the product's shares; the newest unless given. Credits are those of
  ///   all versions.
  public static func run(
    _ member: MemberID, of product: ProductID, version: Int? = nil, in tx: Transaction
  ) async throws -> Outcome {
    switch try await ShareBasis.find(product, version: version, in: tx) {
    case .unknownProduct: return .unknownProduct
    case .unknownVersion: return .unknownVersion
    case .found(let basis):
      let share = try await ExplainedShare.of(member, basis, basis.divide(in: tx), in: tx)
      let trace = try await Trace.of(member, in: tx)
      var credits: [Credit] = []
      for credit in trace.credits where credit.product == product {
        credits.append(
          Credit(
            credit: credit, sales: try await TracedSales.of(credit, in: tx),
            parts: trace.parts(of: credit)))
      }
      return .found(TraceShare(share: share, credits: credits))
    }
  }
}
