import Coinvent
import JSON
import Postgres

/// `coinvent sales alias add SOURCE SKU PRODUCT`
enum SalesAliasAddCommand: Command {
  static let source = Argument("SOURCE", "Where the lines come from.")
  static let sku = Argument("SKU", "What the source calls the product.")
  static let product = Argument("PRODUCT", "The product's id.")

  static let spec = CommandSpec(
    "sales alias add", summary: "Say which product a source means by a number or title.",
    examples: [
      Example(
        "coinvent sales alias add store LAMP-01 prod_01h455vb4pex5vsknk084sn02q",
        "Then: coinvent sales suspense replay --source store")
    ],
    arguments: [source, sku, product],
    notes: ["Exit codes: 1 there is no such product, 3 the source means another product by it."])

  static func run(_ context: Context) async throws -> ExitCode {
    let source = try SalesMapping.valid(source: context.argument(source))
    let sku = context.argument(sku)
    if let fault = ProductAliases.fault(sku: sku) { throw Failure.usage("SKU \(fault).") }
    let product = try context.value(product, expecting: "a product's id like prod_01…") {
      ProductID($0)
    }
    return try await context.withPool { pool in
      let outcome = try await pool.transaction { tx in
        try await ProductAliases.add(sku, of: source, product: product, by: nil, in: tx)
      }
      switch outcome {
      case .added: context.output.say("\(source) means \(product) by “\(sku)”.")
      case .repeated: context.output.say("\(source) meant \(product) by “\(sku)” already.")
      case .taken(let other):
        throw Failure(.busy, "\(source) means \(other) by “\(sku)”.")
      case .unknownProduct: throw Failure(.error, "There is no product \(product).")
      }
      context.output.json([
        "source": .string(source), "sku": .string(sku), "product_id": .string("\(product)"),
        "outcome": outcome == .added ? "added" : "repeated",
      ])
      return .ok
    }
  }
}

/// `coinvent sales alias list`
enum SalesAliasListCommand: Command {
  static let source = Option.value("source", "NAME", "Only this source's.")

  static let spec = CommandSpec(
    "sales alias list", summary: "List what sources call products.",
    examples: [Example("coinvent sales alias list --source store", "One source's.")],
    options: [source])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let found = try await ProductAliases.list(of: context[source], in: pool)
      for alias in found {
        context.output.say("\(alias.source)  \(alias.product)  \(alias.sku)")
      }
      if found.isEmpty { context.output.say("No source has names of its own for products.") }
      context.output.json([
        "aliases": .array(
          found.map {
            [
              "source": .string($0.source), "sku": .string($0.sku),
              "product_id": .string("\($0.product)"),
            ]
          })
      ])
      return .ok
    }
  }
}
