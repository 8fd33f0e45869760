import EventLoop
import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// A product that is sold, and files of sales.
struct SalesScene {
  let story: Story
  let ada: MemberID
  let product: ProductID

  init(_ pool: Pool, contract: ContractTerms = .standard) async throws {
    story = Story(pool)
    ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    product = try await story.product(by: ada, curator: curator, contract: contract)
    try await story.lock(product)
  }

  func name(_ sku: String, source: String = "store") async throws {
    let outcome = try await story.pool.transaction { tx in
      try await ProductAliases.add(sku, of: source, product: product, by: nil, in: tx)
    }
    #expect(outcome == .added)
  }

  /// Imports a text as a file.
  @discardableResult
  func take(
    _ text: String, _ mapping: ShippedMapping? = nil, source: String = "store",
    expecting: [SaleExpectation] = [], dryRun: Bool = false
  ) async throws -> ImportSales.Report {
    let path = NSTemporaryDirectory() + "sales-\(MemberID.new()).csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let importer = ImportSales(
      path: path, source: source, mapping: try mapping.map { try StoredMapping($0) },
      blocking: BlockingPool(name: "import", threads: 1, queueLimit: 4))
    let facts = try await importer.check(expecting: expecting)
    return try await importer.run(facts, dryRun: dryRun, pool: story.pool)
  }

  /// The lines of a text as a file, read through a mapping.
  static func read(_ text: String, _ mapping: SaleMapping) throws -> [SaleLine] {
    let path = NSTemporaryDirectory() + "sales-\(MemberID.new()).csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try MappedFile(path: path, mapping: mapping)
    var lines: [SaleLine] = []
    while let line = try file.next() { lines.append(line) }
    return lines
  }

  /// Every line in the books, in the order of its key: key, units, price, discount, deductions.
  func lines() async throws -> [String] {
    try await story.pool.all(
      """
      SELECT concat_ws(' ', external_id, quantity, unit_price, discount,
                       coalesce(deductions::text, '-'), return_of)
      FROM sale_lines ORDER BY external_id
      """, as: String.self)
  }

  static func faults(_ work: () async throws -> Void) async -> String {
    do {
      try await work()
      return ""
    } catch let wrong as Invalid { return wrong.description } catch { return "\(error)" }
  }
}
