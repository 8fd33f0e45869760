import Coinvent
import Ledger
import Postgres

/// `coinvent explain vote IDEA MEMBER`
enum ExplainVoteCommand: Command {
  static let work = Argument("IDEA", "An idea's id, or that of the product it became.")
  static let member = Argument("MEMBER", "A member's id or handle.")
  static let version = Option.value(
    "version", "N", "Of the product's shares; the newest unless given.")

  static let spec = CommandSpec(
    "explain vote",
    summary: "Walk from a member's vote, or whatever was adopted, to the bank.",
    examples: [
      Example("coinvent explain vote idea_01h455vb4pex5vsknk084sn02q ada", "In sentences."),
      Example("coinvent explain vote prod_01h455vb4pex5vsknk084sn02q ada --json", "For a program."),
    ],
    arguments: [work, member], options: [version],
    notes: [
      "It shows the events behind the share, every credit with the sales that made it, and the "
        + "payouts that it became. explain payout goes the other way.",
      "Exit code 1: the idea is no product yet, or there is no such member or version.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let product = try context.value(work, expecting: "an id like idea_01… or prod_01…") { text in
      ProductID(text) ?? IdeaID(text).map { ProductID(uuid: $0.uuid) }
    }
    let name = context.argument(member)
    let number = try context.value(version, expecting: "a number from 1 on") {
      Int($0).flatMap { $0 > 0 ? $0 : nil }
    }
    return try await context.withPool { pool in
      let (person, trace) = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        tx in
        guard let person = try await FindMember.by(handleOrID: name, in: tx) else {
          throw Failure(
            .error, "There is no member \(name).", mend: "See coinvent members list for handles.")
        }
        switch try await TraceShare.run(person.id, of: product, version: number, in: tx) {
        case .found(let trace): return (person, trace)
        case .unknownProduct: throw InfluenceShowCommand.noProduct(product)
        case .unknownVersion: throw Failure(.error, "\(product) has no shares \(number ?? 0).")
        }
      }
      show(trace, person.handle, context)
      context.output.json(trace.json)
      return .ok
    }
  }

  private static func show(_ trace: TraceShare, _ name: String, _ context: Context) {
    InfluenceExplainCommand.show(trace.share, name, context)
    let say = context.output.say
    if trace.credits.isEmpty { return say("\nNothing has been credited for it yet.") }
    for entry in trace.credits {
      let credit = entry.credit
      let currency = credit.currency
      say("\n\(Amount(nanos: credit.amount, currency: currency)) credited \(credit.settledAt)")
      say("by settlement \(credit.settlement):")
      for sentence in credit.sentences(entry.sales) { say("  \(sentence)") }
      ExplainedSales.show(entry.sales, credit, context)
      for part in entry.parts {
        say("  -> \(Amount(nanos: part.amount, currency: currency)): \(part.destination)")
      }
      if entry.left > 0 {
        say("  -> \(Amount(nanos: entry.left, currency: currency)): in the balance")
      }
    }
  }
}
