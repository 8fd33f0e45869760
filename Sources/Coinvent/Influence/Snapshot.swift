import Postgres

/// A computed set of shares with the hash that proves it unchanged.
struct Snapshot {
  let shares: [Share]
  let recipeVersion: Int
  let horizon: Int64

  var sha256: [UInt8] { Snapshot.sha256(of: shares) }

  /// SHA-256 over one line a share: slice and role, member (`house` for none) and ppb, in the
  /// shares' order: `naming/vote mem_01… 25000000`.
  static func sha256(of shares: [Share]) -> [UInt8] {
    Digest.sha256(lines(shares))
  }

  static func lines(_ shares: [Share]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(shares.count * 64)
    for share in shares {
      share.write(into: &text)
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  /// What each holder has over all parts; the zero uuid is the house.
  var totals: [(holder: UUID, ppb: Int64)] {
    var sums: [UUID: Int64] = [:]
    for share in shares { sums[share.member?.uuid ?? .zero, default: 0] += share.ppb }
    return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Computes the shares as they stand now; nil when there is no such product.
  static func now(of product: ProductID, at now: Timestamp = .now, in db: some Queryable)
    async throws -> Snapshot?
  {
    let governing = try await ReadInfluence.governing(product, at: now, in: db)
    guard let (version, recipe) = governing else { return nil }
    let horizon = try await ShareBasis.lastArrival(product, in: db)
    let claims = try await ReadClaims.run(of: product, by: recipe, horizon: horizon, in: db)
    let changes = try await HoldingChanges.of(product, horizon: horizon, in: db)
    return Snapshot(
      shares: ShareOut.shares(of: claims, changes), recipeVersion: version, horizon: horizon)
  }
}
