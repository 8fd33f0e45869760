import Ledger
import Postgres

/// What a settlement did for a product in a currency.
struct SettledPlace: Hashable, Sendable {
  let product: UUID
  let settlement: UUID
  let currency: String
}

/// The sale lines behind a line of a statement.
struct LineSales: Sendable {
  /// Bases are in millionths of a nano.
  static let unit: Int128 = 1_000_000

  /// Less those that came back.
  let units: Int64
  /// Nil: it was not kept, or is told in an earlier form.
  var returned: Int64?
  /// Nanos.
  let gross: Int128
  let deducted: Int128
  let low: Int64
  let high: Int64
  /// Whether the line is of all of these sales, at one rate.
  var isWhole = true
  var basis = Basis.prices
  /// Of the units those that were sold before the period, whose first day it is.
  var late: (units: Int64, before: Day)?

  /// What the contract makes a base of.
  enum Basis: Sendable {
    /// Gross, or gross less discounts.
    case prices
    /// Gross less what it names, which may be up to a limit.
    case deductions
    /// The contract's in nanos; 0: it has none, and lines bring their own.
    case list(Int128)
  }

  /// Finds the sales behind every line, and makes two of one where some were sold before the
  /// period.
  /// - Parameter products: nil: all of the period.
  static func tell(
    _ facts: inout StatementFacts, _ settlements: [UUID], _ products: [UUID]?,
    in db: some Queryable
  ) async throws {
    let kept = try await kept(settlements, products, in: db)
    if facts.format < 3 {
      tellByChannel(&facts, kept)
      return
    }
    var lines: [Sold: [Place]] = [:]
    for (key, parts) in facts.parts {
      for (index, line) in parts.lines.enumerated() {
        let sold = Sold(place: key.place, of: [line.channel, line.territory, line.format])
        lines[sold, default: []].append(Place(key: key, index: index))
      }
    }
    let channels = Dictionary(grouping: lines.keys) { Sold(place: $0.place, of: [$0.of[0]]) }
    var late: [Place: PoolLine] = [:]
    for (sold, found) in lines {
      let channel = Sold(place: sold.place, of: [sold.of[0]])
      // Versions without terms tell territories and formats apart as little as the database does.
      let isAlone = channels[channel]?.count == 1 && sold.of[1] + sold.of[2] == ""
      guard
        let sales = of(found, in: facts, kept[sold] ?? [])
          ?? (isAlone ? of(found, in: facts, kept[channel] ?? []) : nil)
      else { continue }
      for place in found {
        guard var line = facts.parts[place.key]?.lines[place.index] else { continue }
        line.sales = sales.all
        if let told = facts.parts[place.key]?.told, let currency = Currency(place.key.currency) {
          line.sales?.basis = told.basis(currency)
        }
        late[place] = sales.split(&line, periodStart: facts.firstDay)
        facts.parts[place.key]?.lines[place.index] = line
      }
    }
    for (key, places) in Dictionary(grouping: late.keys, by: \.key) {
      for place in places.sorted(by: { $0.index > $1.index }) {
        late[place].map { facts.parts[key]?.lines.insert($0, at: place.index) }
      }
    }
  }

  private static func tellByChannel(
    _ facts: inout StatementFacts, _ kept: [Sold: [(isLate: Bool, sales: LineSales)]]
  ) {
    for (key, parts) in facts.parts {
      for (index, line) in parts.lines.enumerated() where line.territory + line.format == "" {
        let found = kept[Sold(place: key.place, of: [line.channel])] ?? []
        guard var sales = sum(found.map(\.sales)), sales.units == line.units else { continue }
        sales.returned = nil
        facts.parts[key]?.lines[index].sales = sales
      }
    }
  }

  /// All of `kept` together, when lines are of just as many units. Where some are taken back, they
  /// may have been sold before.
  private static func of(
    _ lines: [Place], in facts: StatementFacts, _ kept: [(isLate: Bool, sales: LineSales)]
  ) -> Found? {
    let told = lines.compactMap { facts.parts[$0.key]?.lines[$0.index].units }
    guard var sales = sum(kept.map(\.sales)), told.count == 1 || told.allSatisfy({ $0 > 0 }),
      told.reduce(Int128(0), { $0 + Int128($1) }) == Int128(sales.units)
    else { return nil }
    sales.isWhole = told.count == 1
    return Found(
      all: sales, late: sum(kept.filter(\.isLate).map(\.sales)),
      inTime: sum(kept.filter { !$0.isLate }.map(\.sales)))
  }

  private static func sum(_ parts: [LineSales]) -> LineSales? {
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first) { $0.adding($1) }
  }

  private func adding(_ other: LineSales) -> LineSales {
    LineSales(
      units: units + other.units,
      returned: returned.flatMap { mine in other.returned.map { mine + $0 } },
      gross: gross + other.gross, deducted: deducted + other.deducted, low: min(low, other.low),
      high: max(high, other.high))
  }
}

extension LineSales {
  /// A line of a pool.
  private struct Place: Hashable {
    let key: PoolParts.Key
    let index: Int
  }

  /// The sales of a line, or of some together.
  private struct Found {
    let all: LineSales
    let late: LineSales?
    let inTime: LineSales?

    /// Marks a line that is all of late sales. Of one that is partly, the base tells how much;
    /// where a limit or a list makes it, the line says how many units it is of.
    /// - Returns: what was taken out of the line.
    func split(_ line: inout PoolLine, periodStart: Day?) -> PoolLine? {
      guard let late, let periodStart else { return nil }
      guard let inTime else {
        line.soldBefore = periodStart
        return nil
      }
      guard all.isWhole, let part = line.part(late, of: all),
        let rest = line.part(inTime, of: all)
      else {
        line.sales?.late = (late.units, periodStart)
        return nil
      }
      line = rest
      var taken = part
      taken.soldBefore = periodStart
      return taken
    }
  }

  /// A channel, or a channel, territory and format, within a place.
  private struct Sold: Hashable {
    let place: SettledPlace
    let of: [String]
  }

  /// By channel, territory and format, and once more by channel.
  private static func kept(
    _ settlements: [UUID], _ products: [UUID]?, in db: some Queryable
  ) async throws -> [Sold: [(isLate: Bool, sales: LineSales)]] {
    let rows = try await db.all(
      """
      SELECT product_id, settlement_id, currency, channel, territory, format, late, units,
        returned, gross, deducted, price_low, price_high
      FROM settlement_sales
      WHERE settlement_id = ANY(\(settlements))
        AND (\(products)::uuid[] IS NULL OR product_id = ANY(\(products)))
      """,
      as: (
        UUID, UUID, String, String, String, String, Bool, Int64, Int64?, Int128, Int128, Int64,
        Int64
      ).self)
    var kept: [Sold: [(isLate: Bool, sales: LineSales)]] = [:]
    for row in rows {
      let place = SettledPlace(product: row.0, settlement: row.1, currency: row.2)
      let sales = LineSales(
        units: row.7, returned: row.8, gross: row.9, deducted: row.10, low: row.11, high: row.12)
      kept[Sold(place: place, of: [row.3, row.4, row.5]), default: []].append((row.6, sales))
      kept[Sold(place: place, of: [row.3]), default: []].append((row.6, sales))
    }
    return kept
  }
}

extension PoolLine {
  /// The line of a part of its sales; nil when its base does not follow from them alone. A base
  /// that is all of what was deducted, or nothing of it, is so for each part.
  fileprivate func part(_ sales: LineSales, of all: LineSales) -> PoolLine? {
    let isGross = base == all.gross * LineSales.unit
    let isNet = base == (all.gross - all.deducted) * LineSales.unit
    guard isGross || isNet, base * Int128(ratePPM) == earned, let own = self.sales else {
      return nil
    }
    if case .list = own.basis { return nil }
    if isGross && isNet && sales.deducted != 0 { return nil }
    var part = self
    part.sales = sales
    part.sales?.basis = own.basis
    part.units = sales.units
    part.base = (isGross ? sales.gross : sales.gross - sales.deducted) * LineSales.unit
    part.earned = part.base * Int128(ratePPM)
    return part
  }
}
