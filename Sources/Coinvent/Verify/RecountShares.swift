import Postgres

/// A product's shares once more, from raw rows: the weights are added up by the database in its own
/// exact numbers, and divided by a search for the level. Nothing of `ShareOut` is used.
struct RecountShares {
  struct Key: Hashable {
    /// `naming`, `naming/vote` or `house`.
    let part: String
    /// The zero uuid is the house.
    let holder: UUID
  }

  /// In the order of the recipe's parts, of holders within a part, the house last.
  private(set) var shares: [(key: Key, ppb: Int64)] = []

  var sha256: [UInt8] {
    let lines = shares.map { key, ppb in
      let holder = key.holder == .zero ? "house" : MemberID(uuid: key.holder).description
      return "\(key.part) \(holder) \(ppb)\n"
    }
    return Digest.sha256(Array(lines.joined().utf8))
  }

  /// The first share that is not the same there, in words; nil when all are.
  func first(otherThan stored: [Key: Int64]) -> String? {
    var rest = stored
    for (key, ppb) in shares {
      let found = rest.removeValue(forKey: key) ?? 0
      if found != ppb { return "\(Self.name(key)) is \(found) ppb, and should be \(ppb)" }
    }
    return rest.min { ($0.key.part, $0.key.holder) < ($1.key.part, $1.key.holder) }
      .map { "\(Self.name($0.key)) is \($0.value) ppb, and should not be" }
  }

  private static func name(_ key: Key) -> String {
    key.holder == .zero ? key.part : "\(key.part) of \(MemberID(uuid: key.holder))"
  }

  static func run(
    _ product: ProductID, recipe: Int32, horizon: Int64, in tx: Transaction
  ) async throws -> RecountShares {
    let parts = try await tx.all(
      """
      SELECT position, CASE role WHEN '' THEN slice ELSE slice || '/' || role END, ppb, policy,
        coalesce(minimum_ppb, 0), coalesce(cap_ppb, 1000000000)
      FROM recipe_slices
      WHERE product_id = \(product.uuid) AND version = \(recipe) ORDER BY position
      """, as: (Int32, String, Int64, String, Int64, Int64).self
    ).map { Part(position: $0, name: $1, ppb: $2, policy: $3, least: $4, most: $5) }
    let isSpread = try await tx.first(
      """
      SELECT unclaimed = 'spread' FROM recipes
      WHERE product_id = \(product.uuid) AND version = \(recipe)
      """, as: Bool.self)
    let weights = try await RecountWeights.run(product, recipe: recipe, horizon: horizon, in: tx)
    var recount = RecountShares()
    recount.divide(parts, weights, isSpread: isSpread ?? false)
    for gift in try await gifts(product, horizon, in: tx) { recount.give(gift) }
    return recount
  }

  private typealias Gift = (from: UUID, to: UUID, ppm: Int64)

  /// What was given away, in the order of arrival.
  private static func gifts(_ product: ProductID, _ horizon: Int64, in tx: Transaction)
    async throws -> [Gift]
  {
    try await tx.all(
      """
      WITH RECURSIVE \(RecountWeights.heads(product, horizon))
      SELECT c.from_member, coalesce(h.holder, c.to_member), c.ppm
      FROM holding_changes c LEFT JOIN head h ON h.member_id = c.to_member
      WHERE c.product_id = \(product.uuid) AND c.arrival <= \(horizon)
        AND c.kind NOT IN ('merge', 'unmerge')
      ORDER BY c.arrival
      """, as: (UUID, UUID, Int64).self)
  }

  private mutating func give(_ gift: Gift) {
    if gift.from == gift.to { return }
    var order: [String: Int] = [:]
    var sums: [Key: Int64] = [:]
    for (key, ppb) in shares {
      order[key.part] = order[key.part] ?? order.count
      let gone =
        key.holder == gift.from
        ? Int64((Int128(ppb) * Int128(gift.ppm)) / 1_000_000) : 0
      sums[key, default: 0] += ppb - gone
      sums[Key(part: key.part, holder: gift.to), default: 0] += gone
    }
    shares = sums.filter { $0.value > 0 }.map { (key: $0.key, ppb: $0.value) }.sorted { a, b in
      (order[a.key.part] ?? 0, a.key.holder) < (order[b.key.part] ?? 0, b.key.holder)
    }
  }

  private struct Part {
    let position: Int32
    let name: String
    let ppb: Int64
    let policy: String
    let least: Int64
    let most: Int64
  }

  private mutating func divide(
    _ parts: [Part], _ weights: [Int32: [RecountWeights.Row]], isSpread: Bool
  ) {
    let earned = parts.filter { (weights[$0.position] ?? []).contains { $0.weight > 0 } }
    var sizes = Dictionary(uniqueKeysWithValues: earned.map { ($0.position, $0.ppb) })
    if isSpread {
      let rows = earned.enumerated().map {
        RecountWeights.Row(holder: .zero, place: $0, weight: UInt128($1.ppb))
      }
      let grown = RecountLevel.roundedOff(1_000_000_000, over: rows)
      for (part, size) in zip(earned, grown) { sizes[part.position] = size }
    }
    var held: [UUID: Int64] = [:]
    var found: [Int32: [(UUID, Int64)]] = [:]
    for isLast in [false, true] {
      for part in earned where (part.policy == "lifetime_balanced") == isLast {
        var rows = weights[part.position] ?? []
        let size = sizes[part.position] ?? 0
        if isLast { rows = RecountLevel.short(rows, held: held, of: size) }
        let given = RecountLevel.divide(size, over: rows, least: part.least, most: part.most)
        for (row, ppb) in zip(rows, given) where ppb > 0 {
          found[part.position, default: []].append((row.holder, ppb))
        }
        for (holder, ppb) in found[part.position] ?? [] { held[holder, default: 0] += ppb }
      }
    }
    for part in parts {
      for (holder, ppb) in (found[part.position] ?? []).sorted(by: { $0.0 < $1.0 }) {
        shares.append((Key(part: part.name, holder: holder), ppb))
      }
    }
    let house = 1_000_000_000 - held.values.reduce(0, +)
    if house != 0 { shares.append((Key(part: "house", holder: .zero), house)) }
  }
}
