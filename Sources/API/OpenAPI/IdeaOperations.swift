import Coinvent

extension CoreOperations {
  private static let states = Idea.State.allCases.map(\.rawValue)
  private static let reason = Shape.Field.required(
    "reason", .length(1...2000), "For everybody who may read the idea")

  /// What an author writes.
  private static let texts: [Shape.Field] = [
    .optional("title", .length(0...100), "At least 10 characters once it is submitted"),
    .optional("pitch", .length(0...140)), .optional("problem", .length(0...5000)),
    .optional("solution", .length(0...5000)), .optional("category", .length(0...40)),
  ]

  /// What an author may add.
  private static let details: [Shape.Field] = [
    .optional("features", .length(0...5000)), .optional("similar_products", .length(0...2000)),
    .optional("tags", .list(.text), "At most 10 of 1 to 30 characters; kept in lower case"),
    .optional(
      "links",
      .list(
        .object([
          .required("url", .length(1...2000), "http or https"),
          .optional("title", .length(0...200)),
        ]), 0...10)),
  ]

  private static let needed = "Needed, unless it is a draft"

  static let ideas = [
    Operation(
      .post, "/v1/ideas", "submitIdea", "Submit an idea, or keep it as a draft",
      body: .json(
        .object(
          [
            .optional("title", .length(0...100), needed),
            .optional("pitch", .length(0...140), needed),
            .optional("problem", .length(0...5000), needed),
            .optional("solution", .length(0...5000), needed),
            .optional("category", .length(0...40), needed),
            .optional("accept_terms", .count, "The version of the terms that is accepted"),
            .optional("brief", .id(BriefID.self), "The call that it answers"),
            .optional("draft", .flag, "True: nobody else sees it, and it may be unfinished"),
            .optional("continues", .id(IdeaID.self), "An ended idea of one's own"),
          ] + details)),
      answers: [
        .json(
          201, "The idea, and what is like it",
          .all([
            .named("Idea"), .object([.required("similar", .named("SimilarIdeas"))]),
            SubmissionAPI.waits,
          ]))
      ],
      problems: [(409, "terms-not-accepted"), (409, "brief-not-open")]),
    Operation(
      .get, "/v1/ideas", "listIdeas", "Ideas, page by page",
      query: Operation.Parameter.paging + [
        .init("state", .words(states), "`open` unless given"),
        .init("sort", .words(["new", "top", "trending"]), "`new` unless given"),
        .init("tag", .length(1...30), "Only ideas with this tag"),
        .init("category", .length(1...40), "Only ideas of this category, as it is written"),
      ],
      answers: [.json(200, "A page", .page("ideas", of: .named("Idea")))]),
    Operation(
      .get, "/v1/ideas/{idea_id}", "readIdea", "An idea",
      query: [.init("html", .words(["1"]), "Also the longer texts as HTML that is safe to show")],
      answers: [
        .json(
          200, "The idea",
          .all([
            .named("Idea"),
            .object([
              .optional("problem_html", .text, "Markdown, rendered; as are the others"),
              .optional("solution_html", .text), .optional("features_html", .text),
              .optional("similar_products_html", .text),
            ]),
          ]))
      ]),
    Operation(
      .get, "/v1/ideas/search", "searchIdeas", "Search by words, by letters where none fit",
      query: [
        .init("q", .length(1...200), "Words; \"in quotes\" together, - for not", required: true),
        .init("state", .words(states), "`open` unless given"),
        .init("limit", .whole(1...50), "How many; 20 unless given"),
      ],
      answers: [
        .json(
          200, "The best first",
          .object([
            .required(
              "results",
              .list(
                .object([
                  .required("idea", .named("Idea")), .required("score", .number),
                  .required("title", pieces), .required("pitch", pieces),
                ]))),
            .required("guessed", .flag, "Found by letters, as the words found nothing"),
          ]))
      ]),
    Operation(
      .get, "/v1/ideas/similar", "similarIdeas", "What is like a title, while it is written",
      query: [.init("title", .length(0...100), "As far as it is written")],
      answers: [
        .json(200, "At most five", .object([.required("similar", .named("SimilarIdeas"))]))
      ]),
    Operation(
      .get, "/v1/me/ideas", "listOwnIdeas", "One's own ideas, drafts included",
      answers: [.json(200, "All of them", .object([.required("ideas", .list(.named("Idea")))]))]),
  ]

  private static let pieces = Shape.list(
    .object([.required("text", .text), .required("match", .flag)]))

  private static let vote = Shape.object([
    .required("idea_id", .id(IdeaID.self)), .required("votes", .count),
    .required("voted", .flag),
    .required(
      "standing", .nullable(.words(["counted", "held", "upheld"])),
      "Held: it counts when a curator releases it; upheld: it does not count. Null: no vote"),
    .required("votes_left", .nullable(.count), "Null without a budget"),
  ])

  static let lives = [
    Operation(
      .put, "/v1/ideas/{idea_id}/vote", "castVote", "Vote for an idea",
      answers: [.json(200, "It stands, now or already", vote)],
      problems: [(403, "own-idea"), (409, "idea-closed"), (409, "no-votes-left")]),
    Operation(
      .delete, "/v1/ideas/{idea_id}/vote", "withdrawVote", "Take one's vote back",
      answers: [.json(200, "There is none, now or already", vote)],
      problems: [(403, "own-idea"), (409, "idea-closed")]),
    Operation(
      .post, "/v1/ideas/{idea_id}/decisions", "decideIdea", "Accept, decline or remove an idea",
      body: .json(
        .object([
          .required("decision", .words(["accept", "decline", "remove"])), reason,
          .optional("recipe", .named("Recipe"), "Only for accept"),
          .optional("contract", .named("Contract"), "Only for accept"),
        ])),
      answers: [
        .json(
          201, "The decision",
          .object([
            .required("idea_id", .id(IdeaID.self)), .required("decision", .text),
            .required("state", .words(states)), .required("reason", .text),
            .required("decided_at", .nullable(.time)),
            .optional("product_id", .id(ProductID.self)),
          ]))
      ],
      problems: [(409, "already-decided"), (409, "wrong-state")]),
    Operation(
      .patch, "/v1/ideas/{idea_id}", "editIdea", "Change the texts of one's idea",
      detail: "Once others could read it, each edit keeps the former texts as a version.",
      body: .json(
        .object(
          texts + details + [
            .optional("version", .whole(1...2_000_000_000), "The version that the change is for")
          ])),
      answers: [.json(200, "The idea", .named("Idea"))],
      problems: [(403, "not-author"), (409, "idea-frozen"), (409, "other-version")]),
    Operation(
      .post, "/v1/ideas/{idea_id}/submission", "submitDraft", "Submit a draft",
      body: .optionalJSON(
        .object([
          .optional("accept_terms", .count, "The version of the terms that is accepted"),
          .optional("brief", .id(BriefID.self), "The call that it answers"),
        ])),
      answers: [.json(200, "The idea", .all([.named("Idea"), SubmissionAPI.waits]))],
      problems: [(409, "no-draft"), (409, "terms-not-accepted"), (409, "brief-not-open")]),
    Operation(
      .post, "/v1/ideas/{idea_id}/withdrawal", "withdrawIdea", "Take one's idea back",
      body: .json(.object([reason])),
      answers: [
        .json(
          200, "The idea, and what became of the rights where terms were accepted",
          .all([.named("Idea"), .object([.optional("terms", .named("TermAcceptance"))])]))
      ],
      problems: [(403, "not-author"), (409, "wrong-state")]),
    Operation(
      .post, "/v1/ideas/{idea_id}/moves", "moveIdea", "Move an idea without deciding it",
      body: .json(
        .object([
          .required("to", .words(["open", "qualified", "in_review", "in_evaluation"])), reason,
        ])),
      answers: [.json(200, "The idea", .named("Idea"))],
      problems: [(409, "wrong-state"), (409, "fee-due"), (409, "brief-open")]),
    Operation(
      .get, "/v1/ideas/{idea_id}/history", "readHistory", "Every change of an idea's state",
      answers: [
        .json(
          200, "The first change first",
          .object([
            .required(
              "changes",
              .list(
                .object([
                  .required("old_state", .words(states)), .required("new_state", .words(states)),
                  .required("reason", .text),
                  .required("changed_by", .nullable(.id(MemberID.self)), "Null: the rules did"),
                  .required("changed_at", .time),
                  .optional(
                    "taken_back", .flag,
                    "Of a withdrawal: whether the rights returned to the author"),
                ])))
          ]))
      ]),
    Operation(
      .get, "/v1/ideas/{idea_id}/versions", "readVersions", "The texts an idea had before",
      answers: [
        .json(
          200, "The first version first",
          .object([
            .required(
              "versions",
              .list(
                .object([
                  .required("version", .count), .required("title", .text),
                  .required("pitch", .text), .required("problem", .text),
                  .required("solution", .text), .required("category", .text),
                  .optional("features", .text), .optional("similar_products", .text),
                  .optional("tags", .list(.text)), .optional("links", CoreSchemas.links),
                  .required("replaced_at", .time),
                ])))
          ]))
      ]),
    Operation(
      .get, "/v1/ideas/{idea_id}/gates", "readGates", "The gates an idea has reached, with seals",
      answers: [
        .json(200, "The first gate first", .object([.required("gates", .list(gate))]))
      ]),
    Operation(
      .put, "/v1/ideas/{idea_id}/merge", "mergeIdea", "Make an idea another one's duplicate",
      body: .json(.object([.required("into", .id(IdeaID.self)), reason])),
      answers: [
        .json(
          200, "Whose voters count there now",
          .object([
            .required("duplicate_id", .id(IdeaID.self)),
            .required("original_id", .id(IdeaID.self)), .required("votes", .count),
            .required("votes_moved", .count), .required("votes_already_there", .count),
          ]))
      ],
      problems: [
        (409, "merge-with-itself"), (409, "merged-already"), (409, "merge-chain"),
        (409, "merge-circle"),
        (409, "has-duplicates"), (409, "later-original"), (409, "wrong-state"),
      ]),
    Operation(
      .delete, "/v1/ideas/{idea_id}/merge", "unmergeIdea", "Take a merge back, exactly",
      query: [.init("reason", .length(1...2000), "For everybody who may read the idea")],
      answers: [.json(200, "The former duplicate", .named("Idea"))],
      problems: [(409, "not-merged"), (409, "wrong-state")]),
  ]

  private static let gate = Shape.object([
    .required("number", .count), .required("chain", .text), .required("step", .count),
    .required("votes_needed", .count), .required("began_at", .time), .required("deadline", .time),
    .required("warned_at", .nullable(.time)),
    .required(
      "outcome", .nullable(.words(["passed", "expired", "overridden", "closed"])),
      "Null while it is under way"),
    .required("ended_at", .nullable(.time)),
    .optional(
      "seal",
      .object([
        .required("electorate", .count), .required("votes", .count),
        .required("hash", .text, "SHA-256 over the sealed votes, base64url"),
      ])),
  ])
}
