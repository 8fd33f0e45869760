import Coinvent
import EventLoop
import HTTPServer
import Postgres

/// The whole lists of products' shares as JSON, kept until something changes: the list of a large
/// product has megabytes, and is read by everybody who looks at it.
final class InfluencePages: Sendable {
  struct Page: Sendable {
    let bytes: [UInt8]
    let tag: String
    /// What it was made of.
    fileprivate let mark: String
  }

  /// Bytes of all lists together.
  static let limit = 32 * 1024 * 1024

  private let answers: SharedAnswer<ProductID, Page?>

  init(_ shares: RunningShareBook, in pool: Pool) {
    let kept = Locked(Recent<ProductID, Page>(limit: InfluencePages.limit))
    answers = SharedAnswer { try await InfluencePages.find($0, kept, shares, in: pool) }
  }

  /// As the product stands now; nil for no such product.
  func page(of product: ProductID) async throws -> Page? { try await answers.answer(product) }

  private static func find(
    _ product: ProductID, _ kept: Locked<Recent<ProductID, Page>>, _ shares: RunningShareBook,
    in pool: Pool
  ) async throws -> Page? {
    // Before the shares are read: a later choice makes another page.
    let choice = try await DisplayChoice.lastNumber(in: pool)
    let mark: String
    let influence: () async throws -> Influence
    if let frozen = try await Influence.Frozen.of(product, in: pool) {
      mark = "\(choice) \(frozen.state) \(frozen.version)"
      influence = { try await frozen.influence(in: pool) }
    } else {
      guard let running = try await shares.shares(of: product) else { return nil }
      mark = "\(choice) running \(running.recipeVersion) \(running.horizon)"
      influence = { running.influence() }
    }
    if let page = kept.withLock({ $0.find(product) }), page.mark == mark { return page }
    let shown = try await influence()
    let hidden = try await DisplayChoice.anonymous(
      among: Set(shown.shares.compactMap(\.member)), in: pool)
    let bytes = InfluenceAPI.document(shown, hiding: hidden)
    let page = Page(bytes: bytes, tag: Response.tag(of: bytes), mark: mark)
    kept.withLock { $0.keep(page, as: product, size: bytes.count) }
    return page
  }
}
