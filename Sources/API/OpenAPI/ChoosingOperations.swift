import Coinvent
import HTTPServer

enum ChoosingOperations {
  private static let base = "/v1/products/{product_id}/projects/{project_id}"
  private static let entry = base + "/entries/{entry_id}"

  private static let shut = [
    (status: 409, name: "other-way-of-choosing"), (status: 409, name: "not-yet-choosing"),
    (status: 409, name: "project-closed"),
  ]
  private static let unfit = [
    (status: 403, name: "own-entry"), (status: 409, name: "entry-not-taking-part"),
  ]

  private static let standing = Operation.Answer.json(
    200, "How it stands, now or already",
    .object([
      .required("entry_id", .id(EntryID.self)), .required("voted", .flag),
      .required("remaining", .count, "Votes you may still give in this project"),
      .required("votes", .nullable(.count), "Null while the project hides its tallies"),
    ]))

  private static let progress: [Shape.Field] = [
    .required("complete", .count, "Entries you have rated on all criteria"),
    .required("entries", .count, "Entries of the round, your own left out"),
    .required("needed", .count, "How many must be complete for you to earn"),
  ]
  private static let rated = Operation.Answer.json(
    200, "How far you have come",
    .object([.required("entry_id", .id(EntryID.self))] + progress))

  private static let pair = Shape.object([
    .required(
      "pair",
      .nullable(
        .object([
          .required("left", .id(EntryID.self)), .required("right", .id(EntryID.self)),
        ])), "Null: you have judged all there is for you"),
    .required("remaining", .count, "Pairs you may still judge"),
  ])

  private static let guess: [Shape.Field] = [
    .required("price", .decimal), .required("currency", .currency),
    .required("guessed_at", .time),
  ]

  private static let stars = Shape.list(
    .object([.required("criterion", .text), .required("stars", .whole(1...5))]), 1...10)

  static let choices = votes + duels + figures

  private static let votes = [
    Operation(
      .get, base + "/choices", "readOwnChoices", "What you have chosen in a project so far",
      query: Operation.Parameter.paging,
      answers: [
        .json(
          200, "A page, in the order of the entries' ids",
          .object([
            .required("choosing", .words(Choosing.allCases.map(\.rawValue))),
            .required("remaining", .nullable(.count), "Votes or pairs left; null: no limit"),
            .optional("complete", .count), .optional("entries", .count),
            .optional("needed", .count), .optional("guess", .object(guess)),
            .required(
              "choices",
              .list(
                .object([
                  .required("entry_id", .id(EntryID.self)), .optional("stars", stars),
                  .optional("score", .whole(ScoreEntry.scores)), .required("chosen_at", .time),
                ]))),
            .required("next_cursor", .nullable(.text), "Null on the last page"),
          ]))
      ]),
    Operation(
      .put, entry + "/vote", "castEntryVote", "Give one of your votes to an entry",
      answers: [standing], problems: shut + unfit + [(409, "no-votes-left")]),
    Operation(
      .delete, entry + "/vote", "withdrawEntryVote", "Take a vote back",
      answers: [standing], problems: shut + unfit),
  ]

  private static let duels = [
    Operation(
      .get, base + "/duels/next", "nextDuel", "The pair of entries before you",
      detail: "It stays the same until you judge or skip it.",
      answers: [.json(200, "The pair", pair)], problems: shut),
    Operation(
      .post, base + "/duels", "judgeDuel", "Say which of the two you prefer, or skip the pair",
      detail: "A pair that is skipped counts towards the limit too.",
      body: .json(
        .object([
          .required("left", .id(EntryID.self)), .required("right", .id(EntryID.self)),
          .optional("winner", .id(EntryID.self), "One of the two"),
          .optional("skip", .flag, "Instead of a winner"),
        ])),
      answers: [.json(200, "Noted; the pair that comes next", pair)],
      problems: shut + [(409, "pair-not-offered"), (409, "no-duels-left")]),
  ]

  private static let figures = [
    Operation(
      .put, entry + "/rating", "rateEntry", "Put these stars in place of those you gave before",
      body: .json(.object([.required("stars", stars)])), answers: [rated],
      problems: shut + unfit),
    Operation(
      .delete, entry + "/rating", "unrateEntry", "Take your stars back", answers: [rated],
      problems: shut + unfit),
    Operation(
      .put, entry + "/score", "scoreEntry", "Score an entry as a juror",
      body: .json(
        .object([
          .required("score", .whole(ScoreEntry.scores)), .optional("comment", .length(0...2000)),
        ])),
      answers: [
        .json(
          200, "The score, in place of the one before",
          .object([
            .required("entry_id", .id(EntryID.self)),
            .required("score", .whole(ScoreEntry.scores)),
            .required("left", .count, "Entries you have not scored yet"),
          ]))
      ], problems: shut + unfit + [(403, "not-a-juror")]),
    Operation(
      .put, base + "/guess", "guessPrice", "Guess the price; the last guess counts",
      body: .json(
        .object([.required("price", .decimal, "In the currency of the project's rules")])),
      answers: [.json(200, "The guess that stands", .object(guess))], problems: shut),
    Operation(
      .delete, base + "/guess", "takeGuessBack", "Take your guess back",
      answers: [.empty(204, "None stands")], problems: shut),
  ]

  private static let pick = Shape.object([
    .required("entry_id", .id(EntryID.self)),
    .required("weight", .whole(DecideProject.Pick.weights)),
  ])

  private static let decision = Shape.object([
    .required("project_id", .id(ProjectID.self)), .required("decision", .words(["adopt", "none"])),
    .required("picks", .list(pick)), .required("reason", .text),
    .required("override_reason", .nullable(.text)),
    .required("final_price", .nullable(.decimal)), .required("currency", .nullable(.currency)),
    .required("decided_at", .time),
  ])

  static let results = [
    Operation(
      .get, base + "/leaders", "readLeaders", "Who leads, the first rank first",
      detail: """
        `score` is in the unit of the way of choosing: votes; thousandths of an Elo point; \
        millionths of a strength by Bradley and Terry; thousandths of a star or of a juror's point. \
        Equal scores rank by the earlier entry.
        """,
      answers: [
        .json(
          200, "The leaders; of surveys and guesses none",
          .object([
            .required("choosing", .words(Choosing.allCases.map(\.rawValue))),
            .required("final", .flag, "The project is closed, and this stays as it is"),
            .required("entries", .nullable(.count), "Entries that took part; null until final"),
            .required("choosers", .nullable(.count), "Members who chose; null until final"),
            .required(
              "leaders",
              .list(
                .object([
                  .required("entry_id", .id(EntryID.self)),
                  .required("rank", .whole(1...Int64.max)),
                  .required("score", .whole(Int64.min...Int64.max)), .required("count", .count),
                ]))),
          ]))
      ], problems: [(403, "tallies-hidden"), (409, "project-not-closed")]),
    Operation(
      .get, base + "/decision", "readProjectDecision", "What became of a project",
      answers: [.json(200, "The decision", decision)]),
    Operation(
      .post, base + "/decision", "decideProject", "Pick among the leaders, or take nothing",
      detail: "Those who made what is picked, and those who chose it, earn influence by it.",
      body: .json(
        .object([
          .required("decision", .words(["adopt", "none"])),
          .optional(
            "picks",
            .list(
              .object([
                .required("entry_id", .id(EntryID.self)),
                .optional(
                  "weight", .whole(DecideProject.Pick.weights),
                  "Its part of what the picks earn together; 1 unless given"),
              ]), 0...100), "Surveys and guesses take none"),
          .required("reason", .length(1...2000)),
          .optional(
            "override_reason", .length(1...2000), "Why something is picked that does not lead"),
          .optional("final_price", .decimal, "Only of guesses"),
        ])),
      answers: [.json(201, "The decision", decision)],
      problems: [
        (403, "own-entry"), (409, "already-decided"), (409, "project-cancelled"),
        (409, "project-not-closed"), (409, "not-a-leader"),
      ]),
  ]
}
