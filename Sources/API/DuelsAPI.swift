import Coinvent
import HTTPServer
import JSON
import Postgres

/// Pairs of entries, head to head.
enum DuelsAPI {
  static func next(_ round: ChoosingRoute.Round, _ call: Call) async throws -> Response {
    let outcome = try await call.pool.transaction { tx in
      try await NextDuel.run(
        for: call.member.member, in: round.project, of: round.product, tx: tx)
    }
    return .json(try json(outcome))
  }

  static func judge(_ round: ChoosingRoute.Round, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let pair = DuelPair(
      left: fields.id("left", as: EntryID.self), right: fields.id("right", as: EntryID.self))
    let winner = fields.optionalID("winner", as: EntryID.self)
    let isSkipped = fields.optionalFlag("skip") ?? false
    if (winner == nil) != isSkipped { fields.note("winner", "give a winner, or skip: true") }
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await JudgeDuel.run(
        pair, winner: winner, by: call.member.member, in: round.project, of: round.product, tx: tx)
      switch outcome {
      case .judged(let next): return .json(try json(next))
      case .notOffered:
        throw Problem.conflict(
          "pair-not-offered", "That is not the pair before you; get …/duels/next.")
      case .noneLeft(let limit):
        throw Problem.conflict("no-duels-left", "You have judged all \(limit) pairs.")
      case .winnerOfAnotherPair: throw Invalid("/winner", "must be left or right")
      case .refused(let refusal): throw ChoosingAPI.problem(refusal)
      }
    }
  }

  private static func json(_ outcome: NextDuel.Outcome) throws -> [UInt8] {
    switch outcome {
    case .pair(let pair, let remaining):
      JSONWriter.object {
        $0.key("pair")
        $0.object {
          $0.field("left", pair.left)
          $0.field("right", pair.right)
        }
        $0.field("remaining", remaining)
      }
    case .noneLeft: none(remaining: 0)
    case .exhausted(let remaining): none(remaining: remaining)
    case .refused(let refusal): throw ChoosingAPI.problem(refusal)
    }
  }

  private static func none(remaining: Int64) -> [UInt8] {
    JSONWriter.object {
      $0.field("pair", nil as String?)
      $0.field("remaining", remaining)
    }
  }
}
