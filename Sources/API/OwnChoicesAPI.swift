import Coinvent
import HTTPServer
import JSON
import Ledger

/// What a member has chosen in a project so far.
enum OwnChoicesAPI {
  static func read(_ round: ChoosingRoute.Round, _ call: Call) async throws -> Response {
    var invalid = Invalid()
    let limit = call.request.query.limit(&invalid)
    var cursor: EntryID?
    if let text = call.request.query["cursor"], !text.isEmpty {
      cursor = EntryID(text)
      if cursor == nil { invalid.add("/cursor", "is not one of ours") }
    }
    try Invalid.refuse(invalid.fields)
    let found = try await OwnChoices.of(
      call.member.member, in: round.project, of: round.product, limit: limit, after: cursor,
      db: call.pool)
    guard let found else { throw ChoosingAPI.unknown }
    return .json(
      JSONWriter.object { writer in
        writer.field("choosing", found.project.choosing.rawValue)
        writer.field("remaining", found.remaining)
        if let progress = found.progress { write(progress, &writer) }
        if let guess = found.guess {
          writer.key("guess")
          writer.object { write(guess, &$0) }
        }
        writer.array("choices", found.choices) { write($1, found.rules.way, &$0) }
        writer.field("next_cursor", found.next?.description)
      })
  }

  private static func write(
    _ choice: OwnChoices.Choice, _ way: ChoosingRules.Way, _ writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.field("entry_id", choice.entry)
      switch way {
      case .ratings(let rules):
        let given = zip(rules.criteria, choice.figures).filter { $0.1 > 0 }
        writer.array("stars", given) { writer, one in
          writer.object {
            $0.field("criterion", one.0)
            $0.field("stars", one.1)
          }
        }
      case .jury: if let score = choice.figures.first { writer.field("score", score) }
      case .votes, .duels, .survey, .guesses, .curator: break
      }
      writer.field("chosen_at", choice.at)
    }
  }

  static func write(_ progress: RateEntry.Progress, _ writer: inout JSONWriter) {
    writer.field("complete", progress.complete)
    writer.field("entries", progress.entries)
    writer.field("needed", progress.needed)
  }

  static func write(_ guess: GuessPrice.Guess, _ writer: inout JSONWriter) {
    writer.field("price", guess.amount.decimal)
    writer.field("currency", guess.amount.currency.code)
    writer.field("guessed_at", guess.guessedAt)
  }
}
