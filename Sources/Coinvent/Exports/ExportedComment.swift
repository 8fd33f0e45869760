import Postgres

/// A comment as it is exported. What its author deleted or a curator removed is a row without text.
struct ExportedComment: ExportedRow {
  let idea: IdeaID
  let id: CommentID
  let parent: CommentID?
  let author: MemberID
  let handle: StoredText
  let text: StoredText?
  let state: StoredText
  let isOfficial: Bool
  let helpful: Int64
  let reactions: Int64
  let createdAt: Timestamp
  let editedAt: Timestamp?

  static let columns: [StaticString] = [
    "idea_id", "id", "parent_id", "author_id", "author", "text", "state", "official", "helpful",
    "reactions", "created_at", "edited_at",
  ]

  static let declare: Query =
    """
    DECLARE exported_comments NO SCROLL CURSOR FOR
    SELECT c.idea_id, c.id, c.path[cardinality(c.path) - 1], c.author_id, m.handle,
           CASE c.state WHEN 'visible' THEN c.text END, c.state, c.official, c.helpful,
           c.reactions, c.created_at, c.edited_at
    FROM comments c JOIN members m ON m.id = c.author_id ORDER BY c.idea_id, c.id
    """
  static let fetch: Query = "FETCH 4000 FROM exported_comments"

  init(row: inout RowReader) throws {
    idea = IdeaID(uuid: try row.next(UUID.self))
    id = CommentID(uuid: try row.next(UUID.self))
    parent = try row.next(UUID?.self).map(CommentID.init(uuid:))
    author = MemberID(uuid: try row.next(UUID.self))
    handle = try row.next(StoredText.self)
    text = try row.next(StoredText?.self)
    state = try row.next(StoredText.self)
    isOfficial = try row.next(Bool.self)
    helpful = try row.next(Int64.self)
    reactions = try row.next(Int64.self)
    createdAt = try row.next(Timestamp.self)
    editedAt = try row.next(Timestamp?.self)
  }

  func write(into record: inout RecordWriter) {
    record.field("idea_id", idea)
    record.field("id", id)
    record.field("parent_id", parent)
    record.field("author_id", author)
    record.field("author", handle)
    record.field("text", text)
    record.field("state", state)
    record.field("official", isOfficial)
    record.field("helpful", helpful)
    record.field("reactions", reactions)
    record.field("created_at", createdAt)
    record.field("edited_at", editedAt)
  }
}
