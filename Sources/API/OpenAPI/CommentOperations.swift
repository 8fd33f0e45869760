import Coinvent

/// The operations of `CommentsRoute`.
enum CommentOperations {
  static let reason = Shape.object([
    .required("reason", .length(1...2000), "For everybody who may read the idea")
  ])
  static let reasonQuery = Operation.Parameter(
    "reason", .length(1...2000), "For everybody who may read the idea", required: true)
  static let text = Shape.Field.required(
    "text", .length(1...10_000), "Markdown; members are mentioned as @handle, at most 20")

  /// A page of a thread.
  static let thread = Operation.Answer.json(
    200, "A page",
    .object([
      .required("count", .count, "Visible comments in the thread"),
      .required("locked", .flag), .required("lock_reason", .nullable(.text)),
      .required(
        "official", .list(.named("Comment")),
        "Official answers, the newest first; on the first page only"),
      .required(
        "comments",
        .list(
          .all([
            .named("Comment"),
            .object([
              .required("replies", .list(.named("Comment"))),
              .required(
                "next_reply_cursor", .nullable(.text),
                "Where `/v1/comments/{comment_id}/replies` goes on"),
            ]),
          ]))),
      .required("next_cursor", .nullable(.text), "Null on the last page"),
    ]))

  static let threadQuery =
    Operation.Parameter.paging + [
      .init(
        "sort", .words(ReadThread.Sort.allCases.map(\.rawValue)),
        "`new` unless given; `helpful`: by marks, then by reactions"),
      .init("replies", .whole(0...20), "How many with each root; 5 unless given"),
    ]

  static let reading = [
    Operation(
      .get, "/v1/ideas/{idea_id}/comments", "listComments", "What is said about an idea",
      detail: "Roots with their first replies. Replies come in reading order: each below what it "
        + "answers, as `depth` and `parent_id` tell.",
      query: threadQuery,
      answers: [thread]),
    Operation(
      .get, "/v1/comments/{comment_id}", "readComment", "A comment",
      answers: [.json(200, "The comment", .named("Comment"))]),
    Operation(
      .get, "/v1/comments/{comment_id}/replies", "listReplies",
      "What lies below a comment, in reading order", query: Operation.Parameter.paging,
      answers: [.json(200, "A page", .page("replies", of: .named("Comment")))]),
    Operation(
      .get, "/v1/comments/{comment_id}/versions", "readCommentVersions",
      "The texts a comment had before",
      answers: [
        .json(
          200, "The first version first",
          .object([
            .required(
              "versions",
              .list(
                .object([
                  .required("version", .count), .required("text", .text),
                  .required("replaced_at", .time),
                ])))
          ]))
      ]),
  ]

  static let writing = [
    Operation(
      .post, "/v1/ideas/{idea_id}/comments", "postComment", "Comment on an idea, or reply",
      detail: "Replies lie up to five deep; a deeper one is attached to the deepest that can be "
        + "answered. Who comments follows the idea.",
      body: .json(
        .object([
          text, .optional("parent", .id(CommentID.self), "The comment that is answered"),
          .optional("official", .flag, "An official answer; for curators"),
        ])),
      answers: [.json(201, "The comment", .named("Comment"))],
      problems: [(409, "idea-closed"), (409, "conversation-locked")]),
    Operation(
      .patch, "/v1/comments/{comment_id}", "editComment", "Change one's comment",
      detail: "The former text is kept as a version.",
      body: .json(
        .object([
          text, .optional("version", .whole(1...100), "The version that the change is for"),
        ])),
      answers: [.json(200, "The comment", .named("Comment"))],
      problems: [
        (403, "not-author"), (409, "other-version"), (409, "conversation-locked"),
        (409, "too-many-edits"),
      ]),
    Operation(
      .delete, "/v1/comments/{comment_id}", "deleteComment", "Take one's comment back",
      detail: "Its place in the thread stays, without its text.",
      answers: [.empty(204, "It is deleted, now or already")], problems: [(403, "not-author")]),
  ]

  static let curating = [
    Operation(
      .put, "/v1/comments/{comment_id}/removal", "removeComment", "Take a comment out of sight",
      body: .json(reason), answers: [.json(200, "The comment", .named("Comment"))],
      problems: [(409, "comment-deleted")]),
    Operation(
      .delete, "/v1/comments/{comment_id}/removal", "restoreComment", "Put a removed comment back",
      query: [reasonQuery], answers: [.json(200, "The comment", .named("Comment"))],
      problems: [(409, "comment-deleted")]),
    Operation(
      .put, "/v1/comments/{comment_id}/official", "makeOfficial",
      "Make a curator's comment an official answer",
      answers: [.json(200, "The comment", .named("Comment"))], problems: [(409, "not-curator")]),
    Operation(
      .delete, "/v1/comments/{comment_id}/official", "makeOrdinary",
      "Make an official answer a comment again",
      answers: [.json(200, "The comment", .named("Comment"))]),
    Operation(
      .put, "/v1/ideas/{idea_id}/comments/lock", "lockConversation",
      "Leave a conversation to curators", body: .json(reason), answers: [lock]),
    Operation(
      .delete, "/v1/ideas/{idea_id}/comments/lock", "unlockConversation",
      "Open a conversation again", query: [reasonQuery], answers: [lock]),
  ]

  static let lock = Operation.Answer.json(
    200, "So it is, now or already",
    .object([
      .required("idea_id", .id(IdeaID.self)),
      .required("project_id", .nullable(.id(ProjectID.self))), .required("locked", .flag),
    ]))

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Comment",
      .object([
        .required("id", .id(CommentID.self)), .required("idea_id", .id(IdeaID.self)),
        .required(
          "project_id", .nullable(.id(ProjectID.self)), "Null in the idea's own thread"),
        .required("parent_id", .nullable(.id(CommentID.self)), "Null for a root"),
        .required("depth", .whole(1...5), "1 for a root"),
        .required("author_id", .id(MemberID.self)), .required("author_handle", .text),
        .required("state", .words(Comment.State.allCases.map(\.rawValue))),
        .required("removal_reason", .nullable(.text), "Why a curator removed it"),
        .required("text", .nullable(.text), "As it was written; null unless it is visible"),
        .required("html", .nullable(.text), "Safe to show as it is; null unless it is visible"),
        .required(
          "mentions",
          .list(.object([.required("id", .id(MemberID.self)), .required("handle", .text)]))),
        .required("version", .count), .required("official", .flag),
        .required("reply_count", .count, "Visible comments below it"),
        .required("helpful", .count, "How many have marked it"),
        .required(
          "reactions", .object(ReactionOperations.kinds.map { .optional($0, .count) }),
          "How many of each kind; those that are there"),
        .optional(
          "own_reactions", .list(.words(ReactionOperations.kinds)), "Of the member who asks"),
        .optional("own_mark", .flag, "Whether the member who asks has marked it helpful"),
        .required("created_at", .time), .required("edited_at", .nullable(.time)),
      ])
    )
  ]
}
