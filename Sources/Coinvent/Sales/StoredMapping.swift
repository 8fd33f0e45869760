import JSON
import Postgres

/// A mapping by its name and version; version 0 is a shipped one.
public struct StoredMapping: Sendable {
  public let source: String?
  public let name: String
  public let version: Int32
  /// As it was written.
  public let json: JSON
  public let addedAt: Timestamp?

  public func mapping() throws -> SaleMapping { try SaleMapping(json: json) }

  /// - Parameter name: `shopify`, or `retail@2` for a version that is not the newest.
  public static func find(_ name: String, of source: String, in db: some Queryable) async throws
    -> StoredMapping?
  {
    let parts = name.split(separator: "@", maxSplits: 1).map(String.init)
    let asked = parts.count == 2 ? Int32(parts[1]) : nil
    if parts.count == 2 && asked == nil || parts.isEmpty { return nil }
    let row = try await db.first(
      """
      SELECT version, mapping::text, added_at FROM sale_mappings
      WHERE source = \(source) AND name = \(parts[0])
        AND (\(asked)::integer IS NULL OR version = \(asked))
      ORDER BY version DESC LIMIT 1
      """, as: (Int32, String, Timestamp).self)
    if let (version, text, addedAt) = row {
      return StoredMapping(
        source: source, name: parts[0], version: version, json: try JSON.parse(text),
        addedAt: addedAt)
    }
    guard (asked ?? 0) == 0, let shipped = ShippedMapping(rawValue: parts[0]) else { return nil }
    return try StoredMapping(shipped)
  }

  init(_ shipped: ShippedMapping) throws {
    self.init(
      source: nil, name: shipped.rawValue, version: 0, json: try shipped.json(), addedAt: nil)
  }

  private init(source: String?, name: String, version: Int32, json: JSON, addedAt: Timestamp?) {
    self.source = source
    self.name = name
    self.version = version
    self.json = json
    self.addedAt = addedAt
  }

  /// Shipped ones first, then those of sources, the newest version first.
  public static func list(of source: String? = nil, in db: some Queryable) async throws
    -> [StoredMapping]
  {
    let filter: Query = source.map { "WHERE source = \($0)" } ?? ""
    let rows = try await db.all(
      """
      SELECT source, name, version, mapping::text, added_at FROM sale_mappings \(filter)
      ORDER BY source, name, version DESC LIMIT 1000
      """, as: (String, String, Int32, String, Timestamp).self)
    return try ShippedMapping.allCases.map { try StoredMapping($0) }
      + rows.map {
        StoredMapping(
          source: $0.0, name: $0.1, version: $0.2, json: try JSON.parse($0.3), addedAt: $0.4)
      }
  }

  public enum Outcome: Sendable, Equatable {
    /// The newest version says the same.
    case repeated(version: Int32)
    case added(version: Int32)
  }

  /// Adds a version; what was read with an earlier one stays as it was read.
  public static func add(
    _ json: JSON, as name: String, of source: String, by member: MemberID?, in tx: Transaction
  ) async throws -> Outcome {
    try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(source + name), 7))")
    let newest = try await find(name, of: source, in: tx)
    if let newest, newest.version > 0, newest.json == json {
      return .repeated(version: newest.version)
    }
    let version = (newest?.version ?? 0) + 1
    try await tx.execute(
      """
      INSERT INTO sale_mappings (source, name, version, mapping, added_by, added_at)
      VALUES (\(source), \(name), \(version), \(json.text())::text::jsonb, \(member?.uuid), now())
      """)
    return .added(version: version)
  }
}
