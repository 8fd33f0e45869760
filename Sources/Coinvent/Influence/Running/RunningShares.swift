import Postgres

/// A product's running estimate, up to an arrival.
public struct RunningShares: Sendable {
  public let product: ProductID
  public let recipeVersion: Int
  /// The last arrival that counts.
  public let horizon: Int64
  public let division: Division
  /// As a snapshot's.
  public let sha256: [UInt8]

  /// - Parameter member: whose shares alone are told; nil for all.
  public func influence(of member: MemberID? = nil) -> Influence {
    Influence(
      product: product, state: .running, version: nil, disputeUntil: nil, sha256: sha256,
      shares: member.map { division.shares(of: $0) } ?? division.shares)
  }

  /// For explaining it.
  public var basis: ShareBasis {
    ShareBasis(
      product: product, state: Influence.State.running.rawValue, version: nil,
      recipeVersion: recipeVersion, horizon: horizon, recipe: division.recipe)
  }
}

extension RunningShares {
  /// Counts every event up to an arrival.
  static func counted(
    _ product: ProductID, recipeVersion: Int, horizon: Int64, in pool: Pool
  ) async throws -> RunningShares? {
    let division = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
      tx -> Division? in
      guard
        let recipe = try await ReadInfluence.recipe(of: product, version: recipeVersion, in: tx)
      else { return nil }
      return Division(
        try await ReadClaims.run(of: product, by: recipe, horizon: horizon, in: tx),
        try await HoldingChanges.of(product, horizon: horizon, in: tx))
    }
    return division.map { RunningShares(product, recipeVersion, horizon, $0) }
  }

  /// The same with the events that arrived since.
  /// - Returns: nil when all must be counted again: there are too many of them, or one takes back
  ///   what only the database can take out.
  func following(to later: Int64, in db: some Queryable) async throws -> RunningShares? {
    guard let news = try await EventNews.read(of: product, from: horizon, to: later, in: db) else {
      return nil
    }
    var division = division
    guard division.follow(news) else { return nil }
    return RunningShares(product, recipeVersion, later, division)
  }

  private init(
    _ product: ProductID, _ recipeVersion: Int, _ horizon: Int64, _ division: Division
  ) {
    self.product = product
    self.recipeVersion = recipeVersion
    self.horizon = horizon
    self.division = division
    sha256 = division.sha256
  }
}
