import EventLoop
import Postgres

/// Keeps what products' events add up to, so that one more event costs no recount of the others.
///
/// It never tells what the database does not: every question begins with the last arrival that the
/// database has, and whatever came since is added first. As events of a product are written one
/// transaction after the other (`AddEvents.hold`), nothing can appear behind that arrival later.
/// A server that was just started, or has forgotten the product, counts everything and tells the
/// same bytes.
public final class RunningShareBook: Sendable {
  /// Claims and their terms that are kept, all products together: some 60 MB with their shares.
  public static let standardLimit = 200_000

  private let kept: Locked<Recent<ProductID, RunningShares>>
  private let answers: SharedAnswer<ProductID, RunningShares?>

  public init(limit: Int = standardLimit, in pool: Pool) {
    let kept = Locked(Recent<ProductID, RunningShares>(limit: limit))
    self.kept = kept
    // Dividing takes milliseconds: on Swift's own threads, not on an event loop.
    answers = SharedAnswer { try await RunningShareBook.find($0, kept, in: pool) }
  }

  /// As the product stands now; nil for no such product. Whoever asks at the same time shares the
  /// answer.
  public func shares(of product: ProductID) async throws -> RunningShares? {
    try await answers.answer(product)
  }

  /// Which products are kept, and how many claims and terms they have together.
  var figures: (products: Set<ProductID>, size: Int) {
    kept.withLock { ($0.keys, $0.size) }
  }

  private static func find(
    _ product: ProductID, _ kept: Locked<Recent<ProductID, RunningShares>>, in pool: Pool
  ) async throws -> RunningShares? {
    guard let head = try await Head.of(product, in: pool) else { return nil }
    if let known = kept.withLock({ $0.find(product) }), known.recipeVersion == head.recipeVersion {
      if known.horizon == head.horizon { return known }
      if let shares = try await known.following(to: head.horizon, in: pool) {
        keep(shares, kept)
        return shares
      }
    }
    let counted = try await RunningShares.counted(
      product, recipeVersion: head.recipeVersion, horizon: head.horizon, in: pool)
    if let counted { keep(counted, kept) }
    return counted
  }

  private static func keep(
    _ shares: RunningShares, _ kept: Locked<Recent<ProductID, RunningShares>>
  ) {
    let size = shares.division.claims.size
    kept.withLock { $0.keep(shares, as: shares.product, size: size) }
  }

  /// What the estimate depends on besides the events themselves.
  private struct Head {
    let recipeVersion: Int
    let horizon: Int64

    static func of(_ product: ProductID, in db: some Queryable) async throws -> Head? {
      let row = try await db.first(
        """
        SELECT (\(ReadInfluence.governingVersion(product, at: .now))), \(ShareBasis.lastArrival)
        FROM products p WHERE p.id = \(product.uuid)
        """, as: (Int32?, Int64).self)
      guard let (version, horizon) = row, let version else { return nil }
      return Head(recipeVersion: Int(version), horizon: horizon)
    }
  }
}
