import Coinvent
import JSON
import Postgres

/// Where a contract command takes a contract from: a file, or a version of a product.
enum ContractSource {
  case file(String)
  case version(Int)

  /// A number is a version; anything else a path.
  init(_ text: String) {
    if let version = Int(text), version > 0, "\(version)" == text {
      self = .version(version)
    } else {
      self = .file(text)
    }
  }

  /// The contract that a file holds.
  /// - Throws: `Failure` with every mistake at its place.
  static func read(_ path: String) throws -> ContractTerms {
    try JSONDocument.read(path, as: "contract", page: "contracts.md") { json throws(Invalid) in
      try ContractTerms(json: json)
    }
  }

  /// - Parameter product: whose versions are meant.
  func contract(of product: ProductID?, in db: some Queryable) async throws -> ContractTerms {
    switch self {
    case .file(let path): return try ContractSource.read(path)
    case .version(let version):
      guard let product else {
        throw Failure.usage("The number of a version needs --product.")
      }
      let known = try await DatedContract.all(of: product, in: db)
      if let found = known.first(where: { $0.version == version }) { return found.terms }
      throw Failure(.error, "\(product) has no contract \(version).")
    }
  }

  static let product = Argument("PRODUCT", "The product's id.")
  static let ofProduct = Option.value("product", "ID", "On the sales of this product.")

  static func productID(_ context: Context) throws -> ProductID? {
    try context.value(ofProduct, expecting: "a product's id like prod_01…") { ProductID($0) }
  }

  static func id(_ text: String) throws -> ProductID {
    if let id = ProductID(text) { return id }
    throw Failure.usage("PRODUCT: “\(text)” is not a product's id like prod_01….")
  }
}
