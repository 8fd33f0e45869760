import JSON
import Postgres

/// Reads contracts as they are stored.
enum ReadContracts {
  /// The versions of products, ascending, with what was made by a moment.
  static func all(
    of products: [ProductID], by time: Timestamp? = nil, in db: some Queryable
  ) async throws -> [ProductID: [DatedContract]] {
    let rows = try await rows(of: products, by: time, in: db)
    return try Dictionary(grouping: rows, by: \.product).mapValues { rows in
      try rows.map { try $0.contract }
    }
  }

  /// Those that can be read; what is wrong with one is said by others.
  static func readable(of products: [ProductID], in db: some Queryable) async throws
    -> [ProductID: [DatedContract]]
  {
    let rows = try await rows(of: products, by: nil, in: db)
    return try Dictionary(grouping: rows, by: \.product).mapValues { rows in
      try rows.compactMap { row in
        do { return try row.contract } catch is Invalid { return nil }
      }
    }
  }

  private static func rows(
    of products: [ProductID], by time: Timestamp?, in db: some Queryable
  ) async throws -> [Row] {
    try await db.all(
      """
      SELECT c.product_id, c.version, c.base, c.referral_ppm, c.starts_at, c.created_at,
        coalesce(c.terms::text, '{}'), array_agg(r.channel ORDER BY r.channel),
        array_agg(r.rate_ppm ORDER BY r.channel), c.reason, c.made_by
      FROM contracts c JOIN contract_rates r USING (product_id, version)
      WHERE c.product_id = ANY(\(products.map(\.uuid)))
        AND (c.version = 1 OR \(time)::timestamptz IS NULL OR c.created_at <= \(time))
      GROUP BY c.product_id, c.version ORDER BY c.product_id, c.version
      """, of: Row.self)
  }

  private struct Row: RowDecodable {
    let product: ProductID
    private let version: Int32
    private let startsAt: Timestamp
    private let createdAt: Timestamp
    private let json: JSON
    private let reason: String?
    private let madeBy: UUID?

    init(row: inout RowReader) throws {
      product = ProductID(uuid: try row.next())
      version = try row.next()
      var json = JSONObject()
      json["base"] = .string(try row.next())
      json["referral_ppm"] = .int(try row.next())
      (startsAt, createdAt) = (try row.next(), try row.next())
      let further = try JSON.parse(try row.next(String.self))
      var rates = JSONObject()
      for (channel, ppm) in zip(try row.next([String].self), try row.next([Int64].self)) {
        rates[channel] = .int(ppm)
      }
      json["rates"] = .object(rates)
      for (key, value) in further.object ?? JSONObject() { json[key] = value }
      self.json = .object(json)
      (reason, madeBy) = (try row.next(), try row.next())
    }

    var contract: DatedContract {
      get throws {
        DatedContract(
          version: Int(version), startsAt: startsAt, createdAt: createdAt,
          terms: try ContractTerms(json: json), reason: reason,
          madeBy: madeBy.map(MemberID.init(uuid:)))
      }
    }
  }
}

extension DatedContract {
  /// All versions of a product, ascending; empty when there is no such product.
  public static func all(of product: ProductID, in db: some Queryable) async throws
    -> [DatedContract]
  {
    try await ReadContracts.all(of: [product], in: db)[product] ?? []
  }
}
