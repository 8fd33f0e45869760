import Coinvent
import JSON
import Postgres

/// What commands about mappings share.
enum SalesMapping {
  static let source = Option.value(
    "source", "NAME", "Whose reports it reads.", required: true)

  static func find(_ name: String, of source: String, in pool: Pool) async throws -> StoredMapping {
    if let found = try await StoredMapping.find(name, of: source, in: pool) { return found }
    let shipped = ShippedMapping.allCases.map(\.rawValue).joined(separator: ", ")
    throw Failure(
      .error, "\(source) has no mapping “\(name)”, and none of that name is shipped.",
      mend: "Shipped are \(shipped). Add one of your own with: coinvent sales mapping add")
  }

  /// The mapping that a file holds.
  /// - Throws: `Failure` with every mistake at its place.
  static func read(_ path: String) throws -> JSON {
    try JSONDocument.read(path, as: "mapping", page: "sales.md") { json throws(Invalid) in
      _ = try SaleMapping(json: json)
      return json
    }
  }

  static func valid(source text: String?) throws -> String {
    guard let source = text, (1...64).contains(source.count) else {
      throw Failure.usage("--source names where the lines come from, in 1 to 64 characters.")
    }
    if let fault = SaleSource.fault(source) { throw Failure.usage("--source: \(source) \(fault).") }
    return source
  }
}
