import Postgres

/// What a member, or a team, offers in a project.
public struct ProjectEntry: Sendable, RowDecodable {
  /// waiting: somebody of the team has not accepted the split yet. Only `entered` takes part.
  public enum State: String, Sendable, CaseIterable { case waiting, entered, withdrawn, removed }

  public let product: ProductID
  public let project: ProjectID
  public let id: EntryID
  /// From 1 within the project.
  public let number: Int64
  public let author: MemberID
  /// JSON: by the names of the form's fields.
  public let answers: StoredText
  public let state: State
  public let enteredAt: Timestamp
  public let editedAt: Timestamp?

  static let columns: Query =
    """
    product_id, project_id, id, number, author_id, answers, state, entered_at, edited_at
    """

  public init(row: inout RowReader) throws {
    product = ProductID(uuid: try row.next())
    project = ProjectID(uuid: try row.next())
    id = EntryID(uuid: try row.next())
    number = Int64(try row.next(Int32.self))
    author = MemberID(uuid: try row.next())
    answers = try row.next()
    state = try row.named()
    enteredAt = try row.next()
    editedAt = try row.next()
  }

  public static func find(_ id: EntryID, of product: ProductID, in db: some Queryable)
    async throws -> ProjectEntry?
  {
    try await db.first(
      """
      SELECT \(columns) FROM project_entries
      WHERE product_id = \(product.uuid) AND id = \(id.uuid)
      """, of: ProjectEntry.self)
  }
}
