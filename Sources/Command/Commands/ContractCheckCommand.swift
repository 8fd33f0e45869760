import Coinvent
import JSON
import Postgres

/// `coinvent contract check FILE`
enum ContractCheckCommand: Command {
  static let file = Argument("FILE", "A contract as JSON.", completes: .file)

  static let spec = CommandSpec(
    "contract check",
    summary: "Check a contract, and try it on the sales that a product has had.",
    examples: [
      Example(
        "coinvent contract check contract.json", "Exit code 0 when it can be used, 1 if not."),
      Example(
        "coinvent contract check contract.json --product prod_01h455vb4pex5vsknk084sn02q",
        "Also what its pools would have come to; nothing is written."),
    ],
    arguments: [file], options: [ContractSource.ofProduct],
    notes: [
      "With --product it reads the database. The terms are taken to have governed every sale up to "
        + "now; other products of a collateral are left out, and lines that would wait for a list "
        + "price. Terms that may not follow the product's contract are refused as contract add "
        + "refuses them.",
      "Exit codes: 1 the file has mistakes or there is no such product, 4 the contract may not "
        + "follow the versions there are.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let product = try ContractSource.productID(context)
    let path = context.argument(file)
    let terms = try ContractSource.read(path)
    context.output.say("\(path) is a contract:")
    for line in ContractText.lines(terms) { context.output.say(line) }
    var json = JSONObject()
    json["contract"] = terms.json
    if let product {
      try await context.withPool { pool in
        let no = try await pool.transaction(readOnly: true) {
          try await AmendContract.refusal(terms, of: product, in: $0)
        }
        if let no { throw ContractAddCommand.refusal(no, product) }
        json["pools"] = try await preview(terms, of: product, context, pool)
      }
    }
    context.output.json(.object(json))
    return .ok
  }

  /// Says what the sales of a product would have come to.
  static func preview(
    _ terms: ContractTerms, of product: ProductID, _ context: Context, _ pool: Pool
  ) async throws -> JSON {
    let lines = try await pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
      try await tx.execute("SET LOCAL statement_timeout = 0")
      return try await PreviewContract.run(terms, of: product, in: tx)
    }
    guard let lines else { throw Failure(.error, "There is no product \(product).") }
    context.output.say("Its pools, as they are and as they would have been:")
    for line in ContractText.lines(lines) { context.output.say(line) }
    return .array(lines.map(\.json))
  }
}
