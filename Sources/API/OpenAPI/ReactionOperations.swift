import Coinvent

/// The operations of `CommentsRoute` that say what members think of a comment.
enum ReactionOperations {
  private static let comment = Operation.Answer.json(200, "The comment", .named("Comment"))

  static let all = [
    Operation(
      .put, "/v1/comments/{comment_id}/helpful", "markHelpful", "Mark a comment helpful",
      detail: "For the idea's author and curators, and never for one's own comment. Each helpful "
        + "comment earns one equal part of the slice `idea_discussion` when the idea becomes a "
        + "product; a mark made later is recorded while the product's shares are running.",
      answers: [comment],
      problems: [
        (403, "not-author"), (403, "own-comment"), (409, "shares-frozen"), (409, "no-such-slice"),
      ]),
    Operation(
      .delete, "/v1/comments/{comment_id}/helpful", "unmarkHelpful", "Take one's mark back",
      answers: [comment],
      problems: [(403, "not-author"), (403, "own-comment"), (409, "mark-counted")]),
    Operation(
      .put, "/v1/comments/{comment_id}/reactions/{reaction}", "addReaction", "React to a comment",
      answers: [comment]),
    Operation(
      .delete, "/v1/comments/{comment_id}/reactions/{reaction}", "removeReaction",
      "Take a reaction back", answers: [comment]),
  ]

  static let kinds = Reaction.allCases.map(\.rawValue)
}
