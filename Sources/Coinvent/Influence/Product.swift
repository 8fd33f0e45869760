import JSON
import Ledger
import Postgres

/// A product with the rules and pools that govern its money.
public struct Product: Sendable {
  public let id: ProductID
  public let name: String
  public let inventor: MemberID
  public let createdAt: Timestamp
  public let stage: Stage
  public let state: Influence.State
  public let recipe: Recipe
  public let contracts: [DatedContract]
  public let pools: [Amount]

  public static func find(_ id: ProductID, in db: some Queryable) async throws -> Product? {
    let row = try await db.first(
      """
      SELECT p.name, p.inventor_id, p.created_at, p.stage, (
        SELECT state FROM share_versions v
        WHERE v.product_id = p.id AND v.state <> 'superseded' ORDER BY version DESC LIMIT 1)
      FROM products p WHERE p.id = \(id.uuid)
      """, as: (String, UUID, Timestamp, String, String?).self)
    guard let (name, inventor, createdAt, stage, state) = row,
      let (_, recipe) = try await ReadInfluence.governing(id, at: .now, in: db)
    else { return nil }
    return Product(
      id: id, name: name, inventor: MemberID(uuid: inventor), createdAt: createdAt,
      stage: Stage(rawValue: stage) ?? .research,
      state: state.flatMap(Influence.State.init) ?? .running, recipe: recipe,
      contracts: try await DatedContract.all(of: id, in: db), pools: try await pools(of: id, in: db)
    )
  }

  private static func pools(of id: ProductID, in db: some Queryable) async throws -> [Amount] {
    let rows = try await db.all(
      """
      SELECT currency, sum(settled)::bigint FROM pools
      WHERE product_id = \(id.uuid) GROUP BY currency ORDER BY currency
      """, as: (String, Int64).self)
    return rows.compactMap { code, nanos in
      Currency(code).map { Amount(nanos: nanos, currency: $0) }
    }
  }

  public var json: JSON {
    [
      "id": .string(id.description), "idea_id": .string(IdeaID(uuid: id.uuid).description),
      "name": .string(name), "stage": .string(stage.rawValue),
      "inventor_id": .string(inventor.description),
      "state": .string(state.rawValue), "created_at": .string(createdAt.description),
      "recipe": recipe.json, "contracts": .array(contracts.map(\.json)),
      "pools": .array(
        pools.map { ["amount": .string($0.decimal), "currency": .string($0.currency.code)] }),
    ]
  }
}
