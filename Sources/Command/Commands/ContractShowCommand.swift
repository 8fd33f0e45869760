import Coinvent
import JSON
import Postgres

/// `coinvent contract show PRODUCT [VERSION]`
enum ContractShowCommand: Command {
  static let version = Argument(
    "VERSION", "The one in force unless given.", required: false)

  static let spec = CommandSpec(
    "contract show", summary: "Show what a product's sales earn for the community.",
    examples: [
      Example("coinvent contract show prod_01h455vb4pex5vsknk084sn02q", "The one in force."),
      Example("coinvent contract show prod_01h455vb4pex5vsknk084sn02q 2", "The second."),
      Example(
        "coinvent contract show prod_01h455vb4pex5vsknk084sn02q --json > contract.json",
        "To change it and add it again."),
    ],
    arguments: [ContractSource.product, version],
    notes: ["With --json it prints the contract alone, as contract add reads it."])

  static func run(_ context: Context) async throws -> ExitCode {
    let product = try ContractSource.id(context.argument(ContractSource.product))
    let wanted = try context.optional(version).map { text in
      guard let number = Int(text), number > 0 else {
        throw Failure.usage("VERSION: “\(text)” is not a number from 1 on.")
      }
      return number
    }
    return try await context.withPool { pool in
      let known = try await DatedContract.all(of: product, in: pool)
      if known.isEmpty { throw Failure(.error, "There is no product \(product).") }
      let found =
        wanted.map { number in known.first { $0.version == number } } ?? known.inForce(at: .now)
      guard let found else {
        throw Failure(.error, "\(product) has no contract \(wanted ?? 0).")
      }
      let since = found.start.map { "for sales from \($0)" } ?? "from the beginning"
      context.output.say("Contract \(found.version) of \(product), \(since):")
      for line in ContractText.lines(found.terms) { context.output.say(line) }
      if let reason = found.reason {
        let maker = try await maker(of: found, in: pool).map { " by \($0)" } ?? ""
        context.output.say("Made \(found.createdAt)\(maker): \(reason)")
      }
      context.output.json(found.terms.json)
      return .ok
    }
  }

  /// The handle of whoever made it; the id of somebody who is not a member any more.
  private static func maker(of contract: DatedContract, in pool: Pool) async throws -> String? {
    guard let id = contract.madeBy else { return nil }
    return try await FindMember.by(id: id, in: pool)?.handle ?? id.description
  }
}
