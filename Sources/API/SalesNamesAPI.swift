import Coinvent
import HTTPServer
import JSON

/// How sources write: `/v1/sales/mappings` and `/v1/sales/aliases`.
enum SalesNamesAPI {
  static func mappings(_ call: Call) async throws -> Response {
    let found = try await StoredMapping.list(of: call.request.query["source"], in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("mappings", found) { writer, mapping in
          writer.object {
            $0.field("source", mapping.source)
            $0.field("name", mapping.name)
            $0.field("version", Int64(mapping.version))
            $0.field("mapping", mapping.json)
            $0.field("added_at", mapping.addedAt)
          }
        }
      })
  }

  static func addMapping(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let source = source(&fields)
    let name = fields.text("name")
    if let fault = SaleMapping.fault(name: name) { fields.note("name", fault) }
    let json = fields.json("mapping") ?? .null
    if json.isNull { fields.note("mapping", "is required") }
    if json.object != nil {
      do { _ = try SaleMapping(json: json) } catch {
        for (pointer, message) in error.fields { fields.note("mapping", "\(pointer) \(message)") }
      }
    } else {
      fields.note("mapping", "must be an object")
    }
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await StoredMapping.add(
        json, as: name, of: source, by: call.member.member, in: tx)
      switch outcome {
      case .added(let version): return answer("added", version, status: 201)
      case .repeated(let version): return answer("repeated", version, status: 200)
      }
    }
  }

  private static func answer(_ outcome: String, _ version: Int32, status: Int) -> Response {
    .json(
      JSONWriter.object {
        $0.field("outcome", outcome)
        $0.field("version", Int64(version))
      }, status: status)
  }

  static func aliases(_ call: Call) async throws -> Response {
    let found = try await ProductAliases.list(of: call.request.query["source"], in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("aliases", found) { writer, alias in
          writer.object {
            $0.field("source", alias.source)
            $0.field("sku", alias.sku)
            $0.field("product_id", alias.product)
            $0.field("added_at", alias.addedAt)
          }
        }
      })
  }

  static func addAlias(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let source = source(&fields)
    let sku = fields.text("sku")
    if let fault = ProductAliases.fault(sku: sku) { fields.note("sku", fault) }
    let product = fields.id("product_id", as: ProductID.self)
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await ProductAliases.add(
        sku, of: source, product: product, by: call.member.member, in: tx)
      let name: String
      switch outcome {
      case .added: name = "added"
      case .repeated: name = "repeated"
      case .taken(let other):
        throw Problem.conflict("alias-taken", "\(source) means \(other) by “\(sku)”.")
      case .unknownProduct: throw Problem.notFound("such product")
      }
      return .json(
        JSONWriter.object { $0.field("outcome", name) }, status: outcome == .added ? 201 : 200)
    }
  }

  /// The `source` of a body.
  static func source(_ fields: inout Fields) -> String {
    let source = fields.text("source")
    if !(1...64).contains(source.count) { fields.note("source", "must have 1 to 64 characters") }
    if let fault = SaleSource.fault(source) { fields.note("source", fault) }
    return source
  }
}
