import JSON
import Postgres

/// Replays the lines of products whose contracts have terms, as far as a plan has seen them.
///
/// Lines come through a cursor, one product after the other: memory stays flat, apart from those
/// sales of a product that something came back of.
struct ReplaySales {
  let scope: LifetimePools.Scope
  let contracts: [ProductID: [DatedContract]]
  let shares: [ProductID: [ShareSpan]]
  var leavesOutUnpriced = false

  /// - Parameters:
  ///   - products: a query of (product_id).
  ///   - each: gets each product that has lines, replayed to its end.
  func run(
    _ products: Query, in tx: Transaction, each: (ProductID, Replay) async throws -> Void
  ) async throws {
    try await ReplaySales.declare(products, scope, in: tx)
    var current: (id: ProductID, replay: Replay)?
    while true {
      let rows = try await tx.all("FETCH 5000 FROM replayed_lines", of: ReplayRow.self)
      for row in rows {
        if current?.id != row.product {
          if let current { try await each(current.id, current.replay) }
          current = (
            row.product,
            Replay(
              contracts: contracts[row.product] ?? [], shares: shares[row.product] ?? [],
              leavesOutUnpriced: leavesOutUnpriced)
          )
        }
        try current?.replay.add(row.line)
      }
      if rows.isEmpty { break }
    }
    if let current { try await each(current.id, current.replay) }
    try await tx.execute("CLOSE replayed_lines")
  }

  /// The order is that of `Replay`. A sale is known by its arrival alone, as in `LifetimeLines`;
  /// its key is read only where a return needs it.
  private static func declare(
    _ products: Query, _ scope: LifetimePools.Scope, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      DECLARE replayed_lines NO SCROLL CURSOR FOR
      WITH chosen AS MATERIALIZED (\(products)), counted AS (
        SELECT s.* FROM sale_lines s JOIN chosen USING (product_id)
        WHERE s.arrival <= \(scope.horizon) AND s.sold_at < \(scope.cutOff)
          AND \(Withdrawals.stands("s", at: scope.horizon))
      ), back AS (
        SELECT DISTINCT product_id, source, return_of FROM counted WHERE return_of IS NOT NULL
      )
      SELECT s.product_id, s.quantity, s.unit_price, s.discount, s.allowance, s.deductions::text,
        s.list_price, s.currency, s.channel, coalesce(s.territory, ''), coalesce(s.format, ''),
        s.sold_at, CASE WHEN b.source IS NOT NULL
          THEN concat(length(s.source), '/', s.source, s.external_id) END,
        concat(length(o.source), '/', o.source, o.external_id), o.sold_at, o.channel,
        coalesce(o.territory, ''), coalesce(o.format, ''), o.list_price, r.member_id
      FROM counted s
      LEFT JOIN sale_lines o ON o.source = s.source AND o.external_id = s.return_of
        AND o.product_id = s.product_id AND o.arrival <= \(scope.horizon)
        AND \(Withdrawals.stands("o", at: scope.horizon))
      LEFT JOIN back b ON b.product_id = s.product_id AND b.source = s.source
        AND b.return_of = s.external_id
      LEFT JOIN referrals r ON r.product_id = s.product_id
        AND r.code = CASE WHEN o.external_id IS NULL THEN s.referral ELSE o.referral END
      ORDER BY s.product_id, greatest(s.sold_at, o.sold_at), s.return_of IS NOT NULL,
        s.source COLLATE "C", s.external_id COLLATE "C"
      """)
  }
}

/// One line as the cursor gives it.
private struct ReplayRow: RowDecodable {
  let product: ProductID
  let line: CountedLine

  init(row: inout RowReader) throws {
    product = ProductID(uuid: try row.next())
    let quantity = try row.next(Int64.self)
    let (price, discount) = (try row.next(Int64.self), try row.next(Int64.self))
    let (allowance, deductions) = (try row.next(Int64.self), try row.next(String?.self))
    let (listPrice, currency) = (try row.next(Int64?.self), try row.next(String.self))
    let place = SalePlace(
      channel: try row.next(), territory: try row.next(), format: try row.next())
    let (soldAt, key) = (try row.next(Timestamp.self), try row.next(String?.self))
    let origin = try ReplayRow.origin(&row)
    line = CountedLine(
      id: key ?? "", quantity: quantity, unitPrice: price, discount: discount,
      allowance: allowance, deductions: try ReplayRow.deductions(deductions),
      listPrice: listPrice, currency: currency, place: place, soldAt: soldAt, origin: origin,
      comesBack: key != nil, referrer: try row.next(UUID?.self))
  }

  private static func origin(_ row: inout RowReader) throws -> CountedLine.Origin? {
    let (id, soldAt) = (try row.next(String.self), try row.next(Timestamp?.self))
    let channel = try row.next(String?.self)
    let place = SalePlace(
      channel: channel ?? "", territory: try row.next(), format: try row.next())
    let listPrice = try row.next(Int64?.self)
    return soldAt.map {
      CountedLine.Origin(id: id, soldAt: $0, place: place, listPrice: listPrice)
    }
  }

  private static func deductions(_ text: String?) throws -> [String: Int64] {
    guard let text, let object = try JSON.parse(text).object else { return [:] }
    return Dictionary(
      object.compactMap { name, value in value.int.map { (name, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}
