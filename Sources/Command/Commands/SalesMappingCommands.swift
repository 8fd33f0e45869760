import Coinvent
import JSON
import Postgres

/// `coinvent sales mapping add NAME FILE --source S`
enum SalesMappingAddCommand: Command {
  static let name = Argument("NAME", "What it is called.")
  static let file = Argument("FILE", "A mapping as JSON.", completes: .file)

  static let spec = CommandSpec(
    "sales mapping add", summary: "Keep a mapping of a source's columns, as its newest version.",
    examples: [
      Example(
        "coinvent sales mapping add retail retail.json --source bookshop",
        "Then: coinvent sales import … --mapping retail")
    ],
    arguments: [name, file], options: [SalesMapping.source])

  static func run(_ context: Context) async throws -> ExitCode {
    let source = try SalesMapping.valid(source: context[SalesMapping.source])
    let name = context.argument(name)
    if let fault = SaleMapping.fault(name: name) { throw Failure.usage("NAME \(fault).") }
    let json = try SalesMapping.read(context.argument(file))
    return try await context.withPool { pool in
      let outcome = try await pool.transaction { tx in
        try await StoredMapping.add(json, as: name, of: source, by: nil, in: tx)
      }
      switch outcome {
      case .added(let version):
        context.output.say("Added \(name)@\(version) of \(source).")
        context.output.json(["outcome": "added", "version": .int(Int64(version))])
      case .repeated(let version):
        context.output.say("\(name)@\(version) of \(source) says the same already.")
        context.output.json(["outcome": "repeated", "version": .int(Int64(version))])
      }
      return .ok
    }
  }
}

/// `coinvent sales mapping show NAME`
enum SalesMappingShowCommand: Command {
  static let name = Argument("NAME", "A mapping, or a version of it: retail@2.")
  static let source = Option.value("source", "NAME", "Whose it is; none for a shipped one.")

  static let spec = CommandSpec(
    "sales mapping show", summary: "Show a mapping as JSON.",
    examples: [
      Example("coinvent sales mapping show shopify", "A shipped one; a start for your own."),
      Example("coinvent sales mapping show retail@1 --source bookshop", "An earlier version."),
    ],
    arguments: [name], options: [source])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let found = try await SalesMapping.find(
        context.argument(name), of: context[source] ?? "", in: pool)
      context.output.say(found.json.text(pretty: true))
      context.output.json(found.json)
      return .ok
    }
  }
}

/// `coinvent sales mapping list`
enum SalesMappingListCommand: Command {
  static let source = Option.value("source", "NAME", "Only this source's, and the shipped ones.")

  static let spec = CommandSpec(
    "sales mapping list", summary: "List shipped mappings and those of sources.",
    examples: [Example("coinvent sales mapping list", "The newest version of each first.")],
    options: [source])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let found = try await StoredMapping.list(of: context[source], in: pool)
      for mapping in found {
        let about = ShippedMapping(rawValue: mapping.name).map { $0.about } ?? ""
        context.output.say(
          mapping.version == 0
            ? "\(mapping.name)  shipped  \(about)"
            : "\(mapping.name)@\(mapping.version)  \(mapping.source ?? "")")
      }
      context.output.json([
        "mappings": .array(
          found.map {
            [
              "source": $0.source.map { .string($0) } ?? .null, "name": .string($0.name),
              "version": .int(Int64($0.version)),
            ]
          })
      ])
      return .ok
    }
  }
}
