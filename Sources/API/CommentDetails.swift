import Coinvent
import JSON
import Postgres

/// What is shown with comments that is not in their rows.
struct CommentDetails {
  private let mentions: [CommentID: [Mentioned]]
  private let counts: [CommentID: [Reaction: Int64]]
  /// What the member who asks has done; nil for nobody.
  private var own: (reactions: [CommentID: Set<Reaction>], marks: Set<CommentID>)?

  init(of comments: [Comment], for call: Call) async throws {
    try await self.init(of: comments, for: call, in: call.pool)
  }

  init(of comments: [Comment], for call: Call, in db: some Queryable) async throws {
    mentions = try await ReadThread.mentions(of: comments, in: db)
    counts = try await ReactToComment.counts(of: comments, in: db)
    if let member = call.principal?.member {
      own = (
        try await ReactToComment.shown(by: member, on: comments, in: db),
        try await MarkHelpful.marked(by: member, of: comments, in: db)
      )
    }
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
    writer.field("project_id", comment.project?.description)
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
    writer.field("helpful", comment.helpful)
    writer.key("reactions")
    writer.object { writer in
      for kind in Reaction.allCases {
        if let count = counts[comment.id]?[kind] { writer.field(kind.key, count) }
      }
    }
    if let own {
      let shown = own.reactions[comment.id] ?? []
      writer.array("own_reactions", Reaction.allCases.filter(shown.contains)) {
        $0.value($1.rawValue)
      }
      writer.field("own_mark", own.marks.contains(comment.id))
    }
    writer.field("created_at", comment.createdAt)
    writer.field("edited_at", comment.editedAt)
  }
}

extension Reaction {
  fileprivate var key: StaticString {
    switch self {
    case .thumbsUp: "thumbs_up"
    case .heart: "heart"
    case .tada: "tada"
    case .laugh: "laugh"
    case .thinking: "thinking"
    case .confused: "confused"
    }
  }
}
