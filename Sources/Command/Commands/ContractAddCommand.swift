import Coinvent
import JSON
import Postgres

/// `coinvent contract add PRODUCT FILE`
enum ContractAddCommand: Command {
  static let file = Argument("FILE", "A contract as JSON.", completes: .file)
  static let from = Option.value(
    "from", "TIME",
    "When it comes into force: a day for its beginning, in UTC, or a moment; now unless given.")
  static let reason = Option.value(
    "reason", "TEXT", "Why; everybody can read it. Needed, but not with --dry-run.")
  static let dryRun = Option.flag(
    "dry-run", "Show what changes and what past sales would have come to; write nothing.")

  static let spec = CommandSpec(
    "contract add",
    summary: "Give a product another contract from a date on; none acts backwards.",
    examples: [
      Example(
        "coinvent contract add prod_01h455vb4pex5vsknk084sn02q contract.json --dry-run",
        "Look first."),
      Example(
        "coinvent contract add prod_01h455vb4pex5vsknk084sn02q contract.json "
          + "--from 2027-01-01 --by fina --reason agreed",
        "For sales made from then on."),
    ],
    arguments: [ContractSource.product, file], options: [from, PeriodOptions.by, reason, dryRun],
    notes: [
      "A return belongs to the contract of its sale. A channel that was named once must be named "
        + "again; an advance, a cost or a guarantee of a known name is the same one carried on, "
        + "and a counter that has counted starts nowhere else. --dry-run refuses all that is "
        + "refused without it.",
      "Exit codes: 1 the file has mistakes or there is no such product, 3 another version starts "
        + "at that very moment, 4 the contract may not follow the versions there are.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let product = try ContractSource.id(context.argument(ContractSource.product))
    let startsAt = try context.value(
      from, expecting: "a day like 2027-01-01, or a moment like 2027-01-01T12:00:00Z"
    ) { Timestamp(rfc3339: $0) ?? Day($0)?.start }
    let why = context[reason] ?? ""
    if !context.has(dryRun), let fault = AmendContract.fault(reason: why) {
      throw Failure.usage("--reason \(fault).")
    }
    let terms = try ContractSource.read(context.argument(file))
    return try await context.withPool { pool in
      let known = try await DatedContract.all(of: product, in: pool)
      if known.isEmpty { throw Failure(.error, "There is no product \(product).") }
      let diff = ContractDiff(from: known.inForce(at: startsAt ?? .now).terms, to: terms)
      var json: JSONObject = JSONObject()
      json["diff"] = diff.json
      if context.has(dryRun) {
        let no = try await pool.transaction(readOnly: true) {
          try await AmendContract.refusal(terms, of: product, startsAt: startsAt, in: $0)
        }
        if let no { throw refusal(no, product) }
        context.output.say("What would change:")
        for line in ContractText.lines(diff) { context.output.say(line) }
        json["pools"] = try await ContractCheckCommand.preview(terms, of: product, context, pool)
      } else {
        let maker = try await PeriodOptions.member(context, in: pool)
        let outcome = try await pool.transaction {
          try await AmendContract.run(
            terms, of: product, startsAt: startsAt, reason: why, by: maker, in: $0)
        }
        guard case .opened(let version) = outcome else { throw refusal(outcome, product) }
        context.output.say(
          "Contract \(version) is in force \(startsAt.map { "from \($0)" } ?? "now"). What changes:"
        )
        for line in ContractText.lines(diff) { context.output.say(line) }
        json["version"] = .int(Int64(version))
      }
      context.output.json(.object(json))
      return .ok
    }
  }

  /// The failure of terms that may not follow the versions of a product.
  static func refusal(_ outcome: AmendContractOutcome, _ product: ProductID) -> Failure {
    switch outcome {
    case .opened: preconditionFailure("a version that was opened is no refusal")
    case .unknownProduct: Failure(.error, "There is no product \(product).")
    case .startsInThePast(let now):
      Failure(
        .notAllowed, "It is \(now) already, and contracts never act backwards.",
        mend: "Choose a later --from, or leave it out for now.")
    case .startTaken:
      Failure(
        .busy, "Another version starts at that very moment.", mend: "Choose another --from.")
    case .startsBefore(let version, let start):
      Failure(
        .notAllowed, "Version \(version) starts at \(start); the next must start after it.",
        mend: "Choose a later --from.")
    case .dropsChannel(let channel):
      Failure(
        .notAllowed, "\(channel) has no rate, and it had one before.",
        mend: "Name it in rates, if only with 0.")
    case .changesItem(let name):
      Failure(
        .notAllowed, "\(name) goes on from an earlier version, and is another now.",
        mend: "Its kind, amount, currency and months stay; give something new another name.")
    case .changesOpening(let counter):
      Failure(
        .notAllowed,
        "The counter \(counter) has counted in an earlier version, and would start elsewhere now.",
        mend: "Leave its opening as it was, or give the counter another name.")
    case .lacksListPrice(let currency, let lines):
      Failure(
        .notAllowed,
        "\(lines) recorded sale lines that it would govern have no list price in \(currency).",
        mend: "Name one in list_prices, or choose a --from after them.")
    }
  }
}
