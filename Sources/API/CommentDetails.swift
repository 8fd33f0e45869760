import Coinvent
import JSON
import Postgres

/// What is shown with comments that is not in their rows.
struct CommentDetails {
  private let mentions: [CommentID: [Mentioned]]

  init(of comments: [Comment], for call: Call) async throws {
    try await self.init(of: comments, for: call, in: call.pool)
  }

  init(of comments: [Comment], for call: Call, in db: some Queryable) async throws {
    mentions = try await ReadThread.mentions(of: comments, in: db)
  }

  func json(_ comment: Comment) -> [UInt8] {
    JSONWriter.object(reserving: 2048) { write(comment, &$0) }
  }

  /// What is deleted or removed keeps its place in the thread, without what it said.
  func write(_ comment: Comment, _ writer: inout JSONWriter) {
    let isVisible = comment.state == .visible
    let mentioned = isVisible ? mentions[comment.id] ?? [] : []
    writer.field("id", comment.id)
    writer.field("idea_id", comment.idea)
    writer.field("parent_id", comment.parent?.description)
    writer.field("depth", comment.path.count)
    writer.field("author_id", comment.author)
    writer.field("author_handle", comment.authorHandle)
    writer.field("state", comment.state.rawValue)
    writer.field("removal_reason", comment.reason)
    writer.field("text", isVisible ? comment.text : nil)
    writer.field("html", isVisible ? comment.html(mentioning: mentioned) : nil)
    writer.array("mentions", mentioned) { writer, mention in
      writer.object {
        $0.field("id", mention.member)
        $0.field("handle", mention.handle)
      }
    }
    writer.field("version", comment.version)
    writer.field("official", comment.isOfficial)
    writer.field("reply_count", comment.replies)
    writer.field("created_at", comment.createdAt)
    writer.field("edited_at", comment.editedAt)
  }
}
