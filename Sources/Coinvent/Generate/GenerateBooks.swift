import Ledger
import Postgres

/// Products, shares and sales of a synthetic world.
struct GenerateBooks {
  let plan: WorldPlan
  let report: Generate.Report
  private static let inventorPpb: Int64 = 400_000_000

  private static let recipe = Recipe(
    parts: [
      Recipe.Part(slice: .inventor, ppb: inventorPpb, policy: .named),
      Recipe.Part(slice: .ideaVotes, ppb: 600_000_000, policy: .equal),
    ], unclaimed: .house)

  func products(in tx: Transaction) async throws {
    let now = WorldPlan.ends
    // A product and its first stage point at each other.
    try await tx.execute("SET CONSTRAINTS products_as_stages DEFERRED")
    try await tx.copyRows(
      into: "products", columns: ["id", "name", "inventor_id", "created_at"]
    ) { rows in
      for number in 0..<plan.products {
        try await rows.write(
          plan.idea(number), "Product \(number)", plan.member(plan.author(of: number)), now)
      }
    }
    try await tx.execute(
      """
      INSERT INTO product_stages (product_id, number, stage, entered_at, changed_at)
      SELECT id, 1, 'research', created_at, created_at FROM products
      """)
    try await tx.execute("SET CONSTRAINTS products_as_stages IMMEDIATE")
    let parts = Self.recipe.parts
    try await tx.execute(
      """
      INSERT INTO recipes (product_id, version, unclaimed, total_ppb, created_at)
      SELECT id, 1, 'house', 1000000000, created_at FROM products
      """)
    try await tx.execute(
      """
      INSERT INTO recipe_slices (product_id, version, position, slice, ppb, policy)
      SELECT id, 1, position, slice, ppb, policy
      FROM products, unnest(\(parts.map(\.slice.rawValue))::text[], \(parts.map(\.ppb))::bigint[],
                            \(parts.map(\.policy.rawValue))::text[])
        WITH ORDINALITY AS part (slice, ppb, policy, position)
      """)
    try await tx.execute(
      """
      INSERT INTO contracts (product_id, version, base, starts_at, created_at)
      SELECT id, 1, 'net', '-infinity', created_at FROM products
      """)
    let rates = ContractTerms.standard.rates
    try await tx.execute(
      """
      INSERT INTO contract_rates (product_id, version, channel, rate_ppm)
      SELECT id, 1, channel, ppm FROM products,
        unnest(\(rates.map(\.channel))::text[], \(rates.map(\.ppm))::bigint[]) AS r (channel, ppm)
      """)
  }

  /// Events, the shares that follow from them, and their locked versions with their hashes.
  func shares(in tx: Transaction) async throws {
    let holders = Skew.holders(plan)
    let events = try await events(holders, in: tx)
    let all = holders.reduce(0, +)
    var written = 0
    try await tx.copyRows(
      into: "shares", columns: ["product_id", "version", "slice", "member_id", "ppb", "reason"]
    ) { rows in
      for number in 0..<plan.products {
        for share in snapshot(number, holders[number], horizon: 0).shares {
          try await rows.write(
            plan.idea(number), Int32(1), share.slice, share.member?.uuid, share.ppb, share.reason)
        }
        written += holders[number]
        report("shares", written, all)
      }
    }
    try await tx.copyRows(
      into: "share_totals", columns: ["product_id", "version", "member_id", "ppb"]
    ) { rows in
      for number in 0..<plan.products {
        // Nobody has shares of two slices here: parts are totals.
        for share in snapshot(number, holders[number], horizon: 0).shares {
          try await rows.write(plan.idea(number), Int32(1), share.member?.uuid, share.ppb)
        }
      }
    }
    try await versions(holders, horizons: events, in: tx)
  }

  /// - Returns: the last arrival of each product's events.
  private func events(_ holders: [Int], in tx: Transaction) async throws -> [Int64] {
    let columns = [
      "product_id", "id", "member_id", "slice", "weight", "evidence", "occurred_at",
    ]
    var arrival: Int64 = try await tx.one(
      "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM influence_events_arrival_seq",
      as: Int64.self)
    var horizons: [Int64] = []
    try await tx.copyRows(into: "influence_events", columns: columns) { rows in
      for number in 0..<plan.products {
        let at = plan.opened(number)
        var place = 0
        for share in snapshot(number, holders[number], horizon: 0).shares {
          let id = UUID(
            high: UInt64(at.microseconds / 1000) << 16 | 0x7000,
            low: 0x8000_0000_0000_0000 | UInt64(number) << 24 | UInt64(place))
          try await rows.write(
            plan.idea(number), id, share.member?.uuid, share.slice, Int64(1), "generated", at)
          place += 1
          arrival += 1
        }
        horizons.append(arrival)
      }
    }
    return horizons
  }

  private func versions(_ holders: [Int], horizons: [Int64], in tx: Transaction) async throws {
    let columns = [
      "product_id", "version", "state", "recipe_version", "starts_at", "horizon", "sha256",
      "total_ppb", "proposed_at", "dispute_until", "locked_at",
    ]
    let at = WorldPlan.ends
    try await tx.copyRows(into: "share_versions", columns: columns) { rows in
      for number in 0..<plan.products {
        let snapshot = snapshot(number, holders[number], horizon: horizons[number])
        try await rows.write(
          plan.idea(number), Int32(1), "locked", Int32(1), Timestamp(microseconds: .min),
          snapshot.horizon, snapshot.sha256, Recipe.whole, at, at, at)
      }
    }
  }

  /// The inventor by name, the others in equal parts; in the order of their ids, to which what is
  /// left of an equal division goes first.
  private func snapshot(_ number: Int, _ holders: Int, horizon: Int64) -> Snapshot {
    var crowd = Crowd(plan, kind: 30, number: number)
    let others = (1..<holders).map { _ in crowd.next() }.sorted()
    let rest = Recipe.whole - Self.inventorPpb
    let (part, left) = rest.quotientAndRemainder(dividingBy: Int64(others.count))
    var shares = [
      Share(
        slice: Slice.inventor.rawValue,
        member: MemberID(uuid: plan.member(plan.author(of: number))), ppb: Self.inventorPpb,
        reason: "named: 1 of 1")
    ]
    for (place, other) in others.enumerated() {
      let ppb = part + (place < Int(left) ? 1 : 0)
      shares.append(
        Share(
          slice: Slice.ideaVotes.rawValue, member: MemberID(uuid: plan.member(other)), ppb: ppb,
          reason: "equal: 1 of \(others.count) contributions"))
    }
    return Snapshot(shares: shares, recipeVersion: 1, horizon: horizon)
  }

  /// Ten units a line, half of them direct, spread over a year.
  func sales(in tx: Transaction) async throws {
    let columns = [
      "source", "external_id", "product_id", "channel", "quantity", "unit_price", "discount",
      "allowance", "currency", "sold_at", "received_at",
    ]
    var left = Skew.sales(plan)
    let year: Int64 = 365 * 86_400
    try await tx.copyRows(into: "sale_lines", columns: columns) { rows in
      var line = 0
      while line < plan.sales {
        for number in 0..<plan.products where left[number] > 0 {
          left[number] -= 1
          let chance = Dice.roll(plan.seed, 40, line)
          let later = Int64(line) * year / Int64(plan.sales)
          try await rows.write(
            "generated", "line-\(line)", plan.idea(number), chance & 1 == 0 ? "direct" : "retail",
            Int64(10), Int64(5 + chance >> 8 % 95) * 1_000_000_000 - 10_000_000, Int64(0),
            Int64(chance >> 20 % 3) * 1_000_000_000, "USD", WorldPlan.ends + .seconds(later),
            WorldPlan.ends + .seconds(later))
          line += 1
          report("sales", line, plan.sales)
        }
      }
    }
  }
}
