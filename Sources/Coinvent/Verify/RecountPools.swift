import Postgres

/// The second implementation of the lifetime sums: line by line in Swift, with 128-bit integers,
/// where settlement does them as one statement in SQL.
struct RecountPools {
  struct Key: Hashable {
    let product: UUID
    let contract: Int32
    let share: Int32
    let currency: String
  }

  /// A referrer's part of a pool.
  struct Referred: Hashable {
    let pool: Key
    let member: UUID
  }

  /// What sales of a kind make of a pool, as `earned_sums` has it.
  struct Source: Hashable {
    let pool: Key
    let channel: String
    /// Empty, like the format, under plain contracts, which have no months either.
    var territory = ""
    var format = ""
    let rate: Int64
    var month: Int?
  }

  struct Sum: Equatable {
    var units: Int128 = 0
    /// In millionths of a nano.
    var base: Int128 = 0
    /// In the millionth part of that.
    var earned: Int128 = 0
  }

  /// What came out.
  struct Result {
    /// In nanos.
    let pools: [Key: Int128]
    /// In millionths of a millionth of a nano.
    let referred: [Referred: Int128]
    let sums: [Source: Sum]
    /// Of products with terms, when the last settlement was planned.
    var terms: [Key: RecountTerms.Parts] = [:]
    let lines: Int

    /// That, and what came out for other products.
    func adding(_ other: Result) -> Result {
      Result(
        pools: pools.merging(other.pools) { $0 + $1 },
        referred: referred.merging(other.referred) { $0 + $1 },
        sums: sums.merging(other.sums) { first, _ in first }, terms: other.terms,
        lines: lines + other.lines)
    }
  }

  private struct Link: Hashable {
    let product: UUID
    let code: String
  }

  private struct Contract {
    let version: Int32
    let gross: Bool
    let referral: Int64
    let starts: Int64
    var rates: [String: Int64] = [:]
  }

  private struct Line {
    let product: UUID
    let channel: String
    let currency: String
    let quantity: Int64
    let unitPrice: Int64
    let deductions: Int64
    let governedAt: Int64
    /// Empty when there is none.
    let referral: String
  }

  private var contracts: [UUID: [Contract]] = [:]
  private var shares: [UUID: [(version: Int32, starts: Int64)]] = [:]
  private var links: [Link: UUID] = [:]
  private var sums: [Source: Sum] = [:]
  private var referred: [Referred: Int128] = [:]
  private(set) var lines = 0

  /// The pool of every version, in nanos, over what the last plan has seen.
  static func run(
    horizon: Int64, cutOff: Timestamp, plannedAt: Timestamp, in tx: Transaction,
    progress: @Sendable (Int) -> Void
  ) async throws -> Result {
    var recount = RecountPools()
    try await recount.readRules(plannedAt: plannedAt, in: tx)
    let extended = try await RecountTerms.products(plannedAt: plannedAt, in: tx)
    try await tx.execute(
      """
      DECLARE recount NO SCROLL CURSOR FOR
      SELECT s.product_id, s.channel, s.currency, s.quantity, s.unit_price,
        s.discount + s.allowance, coalesce(
          (SELECT o.sold_at FROM sale_lines o
           WHERE o.source = s.source AND o.external_id = s.return_of
             AND o.product_id = s.product_id AND o.arrival <= \(horizon)
             AND \(Withdrawals.stands("o", at: horizon))), s.sold_at),
        CASE WHEN s.return_of IS NULL THEN coalesce(s.referral, '')
          ELSE coalesce((SELECT coalesce(o.referral, '') FROM sale_lines o
             WHERE o.source = s.source AND o.external_id = s.return_of
               AND o.product_id = s.product_id AND o.arrival <= \(horizon)
               AND \(Withdrawals.stands("o", at: horizon))), s.referral, '') END
      FROM sale_lines s
      WHERE s.arrival <= \(horizon) AND s.sold_at < \(cutOff)
        AND \(Withdrawals.stands("s", at: horizon)) AND s.product_id <> ALL(\(extended))
      """)
    while true {
      let rows = try await tx.all(
        "FETCH 5000 FROM recount",
        as: (UUID, String, String, Int64, Int64, Int64, Timestamp, String).self)
      if rows.isEmpty { break }
      for row in rows {
        recount.add(
          Line(
            product: row.0, channel: row.1, currency: row.2, quantity: row.3, unitPrice: row.4,
            deductions: row.5, governedAt: row.6.microseconds,
            referral: row.7))
      }
      progress(recount.lines)
    }
    try await tx.execute("CLOSE recount")
    let others = try await RecountTerms.run(
      horizon: horizon, cutOff: cutOff, plannedAt: plannedAt, in: tx)
    return recount.result.adding(others)
  }

  private var result: Result {
    var earned: [Key: Int128] = [:]
    for (source, sum) in sums { earned[source.pool, default: 0] += sum.earned }
    return Result(
      pools: earned.mapValues { $0 / 1_000_000_000_000 }, referred: referred, sums: sums,
      lines: lines)
  }

  private mutating func add(_ line: Line) {
    lines += 1
    guard let contract = contracts[line.product]?.last(where: { $0.starts <= line.governedAt }),
      let rate = contract.rates[line.channel],
      let share = shares[line.product]?.last(where: { $0.starts <= line.governedAt })
    else { return }
    let key = Key(
      product: line.product, contract: contract.version, share: share.version,
      currency: line.currency)
    var base = Int128(line.quantity) * Int128(line.unitPrice)
    if !contract.gross {
      base += line.quantity < 0 ? Int128(line.deductions) : -Int128(line.deductions)
    }
    let source = Source(pool: key, channel: line.channel, rate: rate)
    var sum = sums[source] ?? Sum()
    sum.units += Int128(line.quantity)
    sum.base += base * 1_000_000
    sum.earned += base * 1_000_000 * Int128(rate)
    sums[source] = sum
    if contract.referral > 0,
      let member = links[Link(product: line.product, code: line.referral)]
    {
      referred[Referred(pool: key, member: member), default: 0] +=
        base * Int128(rate) * Int128(contract.referral)
    }
  }

  /// Rules by product, in the order of their start; the first of each starts before everything.
  private mutating func readRules(plannedAt: Timestamp, in tx: Transaction) async throws {
    let versions = try await tx.all(
      """
      SELECT product_id, version, base, referral_ppm,
        CASE WHEN starts_at = '-infinity' THEN NULL ELSE starts_at END
      FROM contracts WHERE version = 1 OR created_at <= \(plannedAt)
      ORDER BY product_id, version
      """, as: (UUID, Int32, String, Int64, Timestamp?).self)
    for (product, version, base, referral, starts) in versions {
      contracts[product, default: []].append(
        Contract(
          version: version, gross: base == "gross", referral: referral,
          starts: starts?.microseconds ?? .min))
    }
    let codes = try await tx.all(
      "SELECT product_id, code, member_id FROM referrals", as: (UUID, String, UUID).self)
    for (product, code, member) in codes { links[Link(product: product, code: code)] = member }
    let rates = try await tx.all(
      "SELECT product_id, version, channel, rate_ppm FROM contract_rates",
      as: (UUID, Int32, String, Int64).self)
    for (product, version, channel, rate) in rates {
      for index in contracts[product]?.indices ?? 0..<0
      where contracts[product]?[index].version == version {
        contracts[product]?[index].rates[channel] = rate
      }
    }
    let locked = try await tx.all(
      """
      SELECT product_id, version,
        CASE WHEN starts_at = '-infinity' THEN NULL ELSE starts_at END
      FROM share_versions WHERE state = 'locked' AND locked_at <= \(plannedAt)
      ORDER BY product_id, version
      """, as: (UUID, Int32, Timestamp?).self)
    for (product, version, starts) in locked {
      shares[product, default: []].append((version, starts?.microseconds ?? .min))
    }
  }
}
