import Postgres

/// One row of the history of a product's stages: it got there, or there was news.
public struct ProductStage: Sendable, RowDecodable {
  public let number: Int64
  /// Nil for the first.
  public let old: Stage?
  public let stage: Stage
  public let enteredAt: Timestamp
  /// When the stage is to end.
  public let dueOn: Day?
  /// What is needed to go on, for the inventor.
  public let neededNext: String?
  public let reason: String?
  /// Nil when the rules did it.
  public let changedBy: MemberID?
  public let changedAt: Timestamp

  /// Why the product stopped, where it did.
  public var stoppedBecause: String? {
    stage == .shelved || stage == .rightsReturned ? reason : nil
  }

  static let columns: Query =
    """
    number, old_stage, stage, entered_at, due_on, needed_next, reason, changed_by, changed_at
    """

  public init(row: inout RowReader) throws {
    number = Int64(try row.next(Int32.self))
    old = try row.next(String?.self).flatMap(Stage.init(rawValue:))
    stage = try row.named()
    enteredAt = try row.next()
    dueOn = try row.next()
    neededNext = try row.next()
    reason = try row.next()
    changedBy = try row.next(UUID?.self).map(MemberID.init(uuid:))
    changedAt = try row.next()
  }

  /// The whole history, the first row first; empty when there is no such product.
  public static func history(of product: ProductID, in db: some Queryable) async throws
    -> [ProductStage]
  {
    try await db.all(
      """
      SELECT \(columns) FROM product_stages WHERE product_id = \(product.uuid) ORDER BY number
      """, of: ProductStage.self)
  }

  /// Nil when there is no such product.
  public static func current(of product: ProductID, in db: some Queryable) async throws
    -> ProductStage?
  {
    try await db.first(
      """
      SELECT \(columns) FROM product_stages WHERE product_id = \(product.uuid)
      ORDER BY number DESC LIMIT 1
      """, of: ProductStage.self)
  }

  /// The first: every product begins with research.
  static func begin(_ product: ProductID, at now: Timestamp, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO product_stages (product_id, number, stage, entered_at, changed_at)
      VALUES (\(product.uuid), 1, 'research', \(now), \(now))
      """)
  }
}
