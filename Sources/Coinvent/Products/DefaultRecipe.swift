import JSON
import Postgres

/// A version of the recipe that products get unless a decision brings another one.
public struct DefaultRecipe: Sendable {
  /// 0 is the shipped one, which has always been in force before the first of the community's own.
  public let version: Int
  /// Nil for the shipped one.
  public let startsAt: Timestamp?
  public let recipe: Recipe
  public let reason: String
  public let madeAt: Timestamp?

  static let shipped = DefaultRecipe(
    version: 0, startsAt: nil, recipe: .standard, reason: "shipped with Coinvent", madeAt: nil)

  public static func inForce(at now: Timestamp, in db: some Queryable) async throws
    -> DefaultRecipe
  {
    let found = try await db.first(
      """
      SELECT \(columns) FROM default_recipes WHERE starts_at <= \(now)
      ORDER BY starts_at DESC LIMIT 1
      """, of: DefaultRecipe.self)
    return found ?? .shipped
  }

  public static func find(_ version: Int, in db: some Queryable) async throws -> DefaultRecipe? {
    if version == 0 { return .shipped }
    return try await db.first(
      "SELECT \(columns) FROM default_recipes WHERE version = \(version)::bigint",
      of: DefaultRecipe.self)
  }

  /// The newest first, the shipped one last.
  public static func all(limit: Int, before version: Int? = nil, in db: some Queryable)
    async throws -> [DefaultRecipe]
  {
    if version == 0 { return [] }
    let found = try await db.all(
      """
      SELECT \(columns) FROM default_recipes WHERE version < \(version ?? .max)::bigint
      ORDER BY version DESC LIMIT \(limit)
      """, of: DefaultRecipe.self)
    return found.count < limit ? found + [.shipped] : found
  }

  static let columns: Query = "version, starts_at, recipe, reason, made_at"
}

extension DefaultRecipe: RowDecodable {
  public init(row: inout RowReader) throws {
    version = Int(try row.next(Int32.self))
    startsAt = try row.next(Timestamp.self)
    recipe = try Recipe(json: JSON.parse(try row.next(String.self)))
    reason = try row.next()
    madeAt = try row.next(Timestamp.self)
  }
}
