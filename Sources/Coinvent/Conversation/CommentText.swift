import Postgres

/// A comment's text with what is made of it when it is written: its HTML, and the members it
/// mentions. Reading a thread then parses nothing, and a text that is costly to render is paid for
/// once, by whoever wrote it.
struct CommentText {
  let text: String
  let html: String
  let mentions: [Mentioned]

  /// - Throws: `Invalid`, at /text.
  init(_ text: String, in tx: Transaction) async throws {
    self.text = text.trimmed
    if let fault = self.text.fault(Comment.texts, lines: true) { throw Invalid("/text", fault) }
    let handles = Markdown.mentions(in: self.text)
    var found: [Mentioned] = []
    if !handles.isEmpty {
      found = try await tx.all(
        "SELECT id, handle FROM members WHERE handle = ANY(\(handles)) ORDER BY id",
        as: (UUID, String).self
      ).map { Mentioned(member: MemberID(uuid: $0.0), handle: $0.1) }
    }
    guard found.count <= Comment.mostMentions else {
      throw Invalid("/text", "mentions more than \(Comment.mostMentions) members")
    }
    mentions = found
    html = Markdown.html(of: self.text, mentioning: Set(found.map(\.handle)))
  }

  /// Makes the stored mentions those of this text.
  /// - Returns: who was not mentioned before.
  @discardableResult
  func keepMentions(of comment: CommentID, on idea: IdeaID, in tx: Transaction) async throws
    -> [MemberID]
  {
    let members = mentions.map(\.member.uuid)
    try await tx.execute(
      """
      DELETE FROM comment_mentions
      WHERE idea_id = \(idea.uuid) AND comment_id = \(comment.uuid)
        AND member_id <> ALL(\(members))
      """)
    return try await tx.all(
      """
      INSERT INTO comment_mentions (idea_id, comment_id, member_id)
      SELECT \(idea.uuid), \(comment.uuid), member FROM unnest(\(members)::uuid[]) AS member
      ON CONFLICT DO NOTHING RETURNING member_id
      """, as: UUID.self
    ).map(MemberID.init(uuid:))
  }
}
