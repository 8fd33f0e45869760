import API
import Coinvent
import Postgres

/// `coinvent influence show PRODUCT`
enum InfluenceShowCommand: Command {
  static let product = Argument("PRODUCT", "A product's id.")

  static let spec = CommandSpec(
    "influence show", summary: "Show who holds what of a product, the most first.",
    examples: [
      Example("coinvent influence show prod_01h455vb4pex5vsknk084sn02q", "Each holder's total."),
      Example(
        "coinvent influence show prod_01h455vb4pex5vsknk084sn02q --json",
        "Every share with its reason, as the API gives it."),
    ],
    arguments: [product],
    notes: [
      "These are the proposed or locked shares, or else an estimate as of now. Exit code 1: there "
        + "is no such product."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let id = try productID(product, context)
    return try await context.withPool { pool in
      let influence = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        try await Influence.of(id, in: $0)
      }
      guard let influence else { throw noProduct(id) }
      show(influence, context)
      if context.asJSON { context.output.put(InfluenceAPI.document(influence) + [10]) }
      return .ok
    }
  }

  static func productID(_ argument: Argument, _ context: Context) throws(Failure) -> ProductID {
    try context.value(argument, expecting: "a product's id like prod_01…") { ProductID($0) }
  }

  static func noProduct(_ id: ProductID) -> Failure {
    Failure(.error, "There is no product \(id).")
  }

  private static func show(_ influence: Influence, _ context: Context) {
    let version = influence.version.map { "version \($0), " } ?? ""
    context.output.say("\(influence.product): \(version)\(influence.state.rawValue)")
    for (member, ppb) in influence.totals {
      let name = member?.description ?? "house"
      context.output.say("  \(Recipe.percent(ppb)) %  \(ppb) ppb  \(name)")
    }
    context.output.say("sha256 \(Digest.hex(influence.sha256))")
  }
}
