import JSON
import Postgres

/// What two recipes make of the same events of a product.
public struct CompareRecipes: Sendable {
  /// A holder's whole share under each; nil is the house.
  public struct Holding: Sendable, Equatable {
    public let member: MemberID?
    public let before: Int64
    public let after: Int64

    public var gain: Int64 { after - before }
  }

  public let product: ProductID
  public let diff: RecipeDiff
  /// Everybody who holds something under either, by what they would gain, the most first.
  public let holdings: [Holding]
  /// Of the shares under each, as a snapshot's: the same only for the same bytes.
  public let hashes: (before: [UInt8], after: [UInt8])

  public var changed: [Holding] { holdings.filter { $0.gain != 0 } }

  /// Nil for no such product. Nothing is written.
  public static func run(
    _ product: ProductID, from before: Recipe, to after: Recipe, in db: some Queryable
  ) async throws -> CompareRecipes? {
    let known = try await db.first(
      "SELECT id FROM products WHERE id = \(product.uuid)", as: UUID.self)
    if known == nil { return nil }
    // Events that arrive in between count for neither.
    let horizon = try await ShareBasis.lastArrival(product, in: db)
    let changes = try await HoldingChanges.of(product, horizon: horizon, in: db)
    let old = ShareOut.shares(
      of: try await ReadClaims.run(of: product, by: before, horizon: horizon, in: db), changes)
    let new = ShareOut.shares(
      of: try await ReadClaims.run(of: product, by: after, horizon: horizon, in: db), changes)
    return CompareRecipes(
      product: product, diff: RecipeDiff(from: before, to: after), holdings: holdings(old, new),
      hashes: (Snapshot.sha256(of: old), Snapshot.sha256(of: new)))
  }

  /// Of a product's present recipe and another; nil for no such product.
  public static func whatIf(_ product: ProductID, _ recipe: Recipe, in db: some Queryable)
    async throws -> CompareRecipes?
  {
    guard
      let (_, present) = try await ReadInfluence.governing(product, at: .now, in: db)
    else { return nil }
    return try await run(product, from: present, to: recipe, in: db)
  }

  private static func holdings(_ old: [Share], _ new: [Share]) -> [Holding] {
    var sums: [UUID: (before: Int64, after: Int64)] = [:]
    for share in old { sums[share.member?.uuid ?? .zero, default: (0, 0)].before += share.ppb }
    for share in new { sums[share.member?.uuid ?? .zero, default: (0, 0)].after += share.ppb }
    return sums.sorted { a, b in
      (b.value.after - b.value.before, a.key) < (a.value.after - a.value.before, b.key)
    }.map { holder, value in
      Holding(
        member: holder == .zero ? nil : MemberID(uuid: holder), before: value.before,
        after: value.after)
    }
  }
}

extension CompareRecipes {
  public var json: JSON { json(hiding: []) }

  /// - Parameter hidden: who is not named.
  public func json(hiding hidden: Set<MemberID>) -> JSON {
    [
      "product_id": .string(product.description), "diff": diff.json,
      "before": CompareRecipes.side(holdings.map(\.before), hashes.before),
      "after": CompareRecipes.side(holdings.map(\.after), hashes.after),
      "changed": .int(Int64(changed.count)),
      "holdings": .array(holdings.map { $0.json(hiding: hidden) }),
    ]
  }

  private static func side(_ shares: [Int64], _ hash: [UInt8]) -> JSON {
    [
      "total_ppb": .int(shares.reduce(0, +)), "holders": .int(Int64(shares.count { $0 > 0 })),
      "sha256": .string(Digest.hex(hash)),
    ]
  }
}

extension CompareRecipes.Holding {
  public var json: JSON { json(hiding: []) }

  func json(hiding hidden: Set<MemberID>) -> JSON {
    let isHidden = member.map(hidden.contains) ?? false
    var holding = JSONObject()
    holding["member_id"] = isHidden ? .null : member.map { .string($0.description) } ?? .null
    if isHidden { holding["anonymous"] = .bool(true) }
    holding["before_ppb"] = .int(before)
    holding["after_ppb"] = .int(after)
    return .object(holding)
  }
}
