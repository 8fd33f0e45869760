import JSON
import Postgres

/// Reads contracts as they are stored.
enum ReadContracts {
  /// The versions of products, ascending, with what was made by a moment.
  static func all(
    of products: [ProductID], by time: Timestamp? = nil, in db: some Queryable
  ) async throws -> [ProductID: [DatedContract]] {
    let rows = try await db.all(
      """
      SELECT c.product_id, c.version, c.base, c.referral_ppm, c.starts_at, c.created_at,
        coalesce(c.terms::text, '{}'), array_agg(r.channel ORDER BY r.channel),
        array_agg(r.rate_ppm ORDER BY r.channel), c.reason, c.made_by
      FROM contracts c JOIN contract_rates r USING (product_id, version)
      WHERE c.product_id = ANY(\(products.map(\.uuid)))
        AND (c.version = 1 OR \(time)::timestamptz IS NULL OR c.created_at <= \(time))
      GROUP BY c.product_id, c.version ORDER BY c.product_id, c.version
      """, of: Row.self)
    return Dictionary(grouping: rows, by: \.product).mapValues { $0.map(\.contract) }
  }

  private struct Row: RowDecodable {
    let product: ProductID
    let contract: DatedContract

    init(row: inout RowReader) throws {
      product = ProductID(uuid: try row.next())
      let version = try row.next(Int32.self)
      var json = JSONObject()
      json["base"] = .string(try row.next())
      json["referral_ppm"] = .int(try row.next())
      let (startsAt, createdAt) = (try row.next(Timestamp.self), try row.next(Timestamp.self))
      let further = try JSON.parse(try row.next(String.self))
      var rates = JSONObject()
      for (channel, ppm) in zip(try row.next([String].self), try row.next([Int64].self)) {
        rates[channel] = .int(ppm)
      }
      json["rates"] = .object(rates)
      for (key, value) in further.object ?? JSONObject() { json[key] = value }
      contract = DatedContract(
        version: Int(version), startsAt: startsAt, createdAt: createdAt,
        terms: try ContractTerms(json: .object(json)), reason: try row.next(String?.self),
        madeBy: try row.next(UUID?.self).map(MemberID.init(uuid:)))
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
