import Coinvent
import Glibc
import JSON
import Postgres

/// `coinvent generate`
enum GenerateCommand: Command {
  static let scale = Option.value("scale", "FACTOR", "So many times the published size, as 0.01.")
  static let counts: [(option: Option, path: WritableKeyPath<WorldPlan, Int> & Sendable)] = [
    (.value("members", "N", "Members, instead of those of the scale."), \.members),
    (.value("ideas", "N", "Ideas; one in ten is declined."), \.ideas),
    (.value("votes", "N", "Votes, about; few ideas get most of them."), \.votes),
    (.value("products", "N", "Products; the first ideas are accepted."), \.products),
    (.value("sales", "N", "Sale lines, of ten units each."), \.sales),
    (.value("settlements", "N", "Periods of sales to settle at once."), \.settlements),
  ]
  static let holders = Option.value(
    "holders", "N", "Shareholders of each product, instead of the published skew.")
  static let seed = Option.value("seed", "N", "Another world of the same size.")
  static let tokens = Option.value("tokens", "FILE", "Write bearer tokens for load tests.")
  static let tokenCount = Option.value("token-count", "N", "How many tokens; 1000 unless given.")
  static let openIdeas = Option.value("open-ideas", "FILE", "Write the ids of the open ideas.")

  static let spec = CommandSpec(
    "generate",
    summary: "Fill an empty database with a synthetic community.",
    examples: [
      Example("coinvent generate --scale 0.01", "A hundredth of the published size."),
      Example(
        "coinvent generate --ideas 1000 --votes 20000 --members 5000 --products 5 --sales 500",
        "Small, for a look around."),
      Example(
        "coinvent generate --scale 0.1 --tokens tokens.txt --open-ideas ideas.txt",
        "With what a load test needs."),
    ],
    options: [scale] + counts.map(\.option) + [holders, seed, tokens, tokenCount, openIdeas],
    notes: [
      "The whole size is 1 085 713 members, 361 400 ideas and 126 products with 3 537 130 units "
        + "sold, as published, and 20 000 000 votes, which is an assumption. The same options and "
        + "seed make the same rows.",
      "It refuses a database in which anybody is. Stopped in the middle, it leaves nothing behind.",
      "Whoever knows the seed knows the tokens: never let strangers reach such a database.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let plan = try plan(context)
    let count = try context.value(tokenCount, expecting: "a number from 1 on") {
      Int($0).flatMap { $0 > 0 ? $0 : nil }
    }
    let wanted = context[tokens] == nil ? 0 : count ?? 1000
    return try await context.withPool { pool in
      let outcome = try await Generate.run(plan, tokens: wanted, pool: pool) { table, rows, all in
        context.output.note("\(table): \(rows) of \(all)")
      }
      switch outcome {
      case .notEmpty(let table):
        throw Failure(
          .error, "The database is not empty: there are rows in \(table).",
          mend: "Use a new database; generated rows never mix with others.")
      case .generated(let texts):
        if let path = context[tokens] { try write(texts, to: path) }
        if let path = context[openIdeas] { try write(Generate.openIdeas(plan), to: path) }
        show(plan, context)
        return .ok
      }
    }
  }

  private static func plan(_ context: Context) throws -> WorldPlan {
    let factor = try context.value(scale, expecting: "a number above 0, as 0.01") {
      Double($0).flatMap { $0 > 0 && $0 <= 1000 ? $0 : nil }
    }
    var plan = WorldPlan().scaled(by: factor ?? 1)
    func number(_ option: Option) throws -> Int? {
      try context.value(option, expecting: "a whole number from 0 on") {
        Int($0).flatMap { (0...2_000_000_000).contains($0) ? $0 : nil }
      }
    }
    for (option, path) in counts {
      if let given = try number(option) { plan[keyPath: path] = given }
    }
    plan.holders = try number(holders)
    if let given = try number(seed) { plan.seed = UInt64(given) }
    if let fault = plan.faults.first { throw Failure.usage("This cannot be: \(fault).") }
    return plan
  }

  private static func show(_ plan: WorldPlan, _ context: Context) {
    context.output.say(
      "Generated \(plan.members) members, \(plan.ideas) ideas, about \(plan.votes) votes, "
        + "\(plan.products) products and \(plan.sales) sale lines, seed \(plan.seed).")
    context.output.json([
      "members": .int(Int64(plan.members)), "ideas": .int(Int64(plan.ideas)),
      "products": .int(Int64(plan.products)), "sales": .int(Int64(plan.sales)),
      "seed": .int(Int64(plan.seed)),
    ])
  }

  private static func write(_ lines: some Sequence<String>, to path: String) throws {
    guard let file = fopen(path, "w") else {
      throw Failure(.error, "\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
    for line in lines { fputs(line + "\n", file) }
    guard fclose(file) == 0 else {
      throw Failure(.error, "\(path) could not be written whole: is the disk full?")
    }
  }
}
