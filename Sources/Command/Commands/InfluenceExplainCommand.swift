import Coinvent
import Postgres

/// `coinvent influence explain PRODUCT MEMBER`
enum InfluenceExplainCommand: Command {
  static let product = Argument("PRODUCT", "A product's id.")
  static let member = Argument("MEMBER", "A member's id or handle.")
  static let version = Option.value(
    "version", "N", "Of the product's shares; the newest, or else the estimate, unless given.")

  static let spec = CommandSpec(
    "influence explain",
    summary: "Explain a member's share of a product, down to its events and arithmetic.",
    examples: [
      Example("coinvent influence explain prod_01h455vb4pex5vsknk084sn02q ada", "In sentences."),
      Example(
        "coinvent influence explain prod_01h455vb4pex5vsknk084sn02q ada --version 1 --json",
        "The first shares, for a program."),
    ],
    arguments: [product, member], options: [version],
    notes: [
      "It shows the first 100 events of each member; the API has the others page by page.",
      "Exit code 1: there is no such product, member or version.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let id = try InfluenceShowCommand.productID(product, context)
    let name = context.argument(member)
    let number = try context.value(version, expecting: "a number from 1 on") {
      Int($0).flatMap { $0 > 0 ? $0 : nil }
    }
    return try await context.withPool { pool in
      let (person, share) = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        tx in
        guard let member = try await FindMember.by(handleOrID: name, in: tx) else {
          throw Failure(
            .error, "There is no member \(name).", mend: "See coinvent members list for handles.")
        }
        switch try await ShareBasis.find(id, version: number, in: tx) {
        case .found(let basis):
          return (
            member, try await ExplainedShare.of(member.id, basis, basis.divide(in: tx), in: tx)
          )
        case .unknownProduct: throw InfluenceShowCommand.noProduct(id)
        case .unknownVersion: throw Failure(.error, "\(id) has no shares \(number ?? 0).")
        }
      }
      show(share, person.handle, context)
      context.output.json(share.json)
      return .ok
    }
  }

  static func show(_ share: ExplainedShare, _ name: String, _ context: Context) {
    let basis = share.basis
    let version = basis.version.map { "shares \($0), \(basis.state)" } ?? "estimate as of now"
    let say = context.output.say
    say("\(name) holds \(Recipe.percent(share.ppb)) % of \(basis.product), \(share.ppb) ppb")
    say("(\(version), by recipe \(basis.recipeVersion)).")
    for part in share.parts {
      say("\n\(part.part.name): \(Recipe.percent(part.ppb)) %, \(part.ppb) ppb")
      for sentence in part.sentences { say("  \(sentence)") }
    }
    if share.assigned != 0 {
      let words = share.assigned > 0 ? "given by other members" : "given to other members"
      say("\nAssigned: \(share.assigned.magnitude) ppb, \(words)")
    }
    if share.events.isEmpty { return say("No event counts for it.") }
    let more = share.eventCount - Int64(share.events.count)
    say("\nEvents: \(share.eventCount)" + (more > 0 ? ", of which these are the first" : ""))
    for event in share.events {
      let part = event.part?.name ?? event.event.slice.rawValue
      let proof = event.evidence.isEmpty ? "" : ": \(event.evidence)"
      say("  \(event.event.occurredAt)  \(part), \(event.words)\(proof)")
    }
  }
}
