import EventLoop
import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct SaleMappingTests {
  private static let retail = """
    {"delimiter": "semicolon", "decimal": "comma", "dates": "day_first",
     "fields": {"external_id": {"join": ["Beleg", "Pos"]}, "product_id": "Artikel",
                "channel": "Kanal", "quantity": "Menge", "unit_price": "Preis",
                "currency": {"value": "EUR"}, "sold_at": "Datum", "return_of": "Zu"},
     "deductions": {"freight": "Fracht"}, "channels": {"Laden": "retail"},
     "returns": {"column": "Art", "is": ["Retoure"]},
     "pass_over": [{"column": "Art", "is": ["Muster"], "reason": "a sample"}],
     "total_row": {"column": "Beleg", "is": ["Summe"], "units": "Menge", "amount": "Preis"}}
    """

  private static func report(sum: String) -> String {
    """
    Beleg;Pos;Art;Artikel;Kanal;Menge;Preis;Fracht;Datum;Zu
    7;1;Verkauf;LAMP;Laden;2;1.000,50;-3,20;31.01.2026;
    7;2;Muster;LAMP;Laden;1;0;;31.01.2026;
    8;1;Retoure;LAMP;Laden;1;1.000,50;;01/02/2026 14:30;7-1
    Summe;;;;;1;\(sum);;;

    """
  }

  private func take(_ scene: SalesScene, _ text: String, _ mapping: StoredMapping) async throws
    -> ImportSales.Report
  {
    let path = NSTemporaryDirectory() + "retail-\(MemberID.new()).csv"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let importer = ImportSales(
      path: path, source: "bookshop", mapping: mapping,
      blocking: BlockingPool(name: "import", threads: 1, queueLimit: 4))
    return try await importer.run(try await importer.check(), dryRun: false, pool: scene.story.pool)
  }

  @Test func `a mapping of one's own is kept in versions and reads what it says`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      try await scene.name("LAMP", source: "bookshop")
      let json = try JSON.parse(Self.retail)
      for expected in [StoredMapping.Outcome.added(version: 1), .repeated(version: 1)] {
        let outcome = try await pool.transaction { tx in
          try await StoredMapping.add(json, as: "retail", of: "bookshop", by: scene.ada, in: tx)
        }
        #expect(outcome == expected)
      }
      var other = try #require(json.object)
      other["channels"] = nil
      let second = other
      let outcome = try await pool.transaction { tx in
        try await StoredMapping.add(
          .object(second), as: "retail", of: "bookshop", by: nil, in: tx)
      }
      #expect(outcome == .added(version: 2))
      let first = try #require(try await StoredMapping.find("retail@1", of: "bookshop", in: pool))
      #expect(first.version == 1)
      #expect(try await StoredMapping.find("retail", of: "bookshop", in: pool)?.version == 2)
      #expect(try await StoredMapping.find("retail", of: "other", in: pool) == nil)
      #expect(try await StoredMapping.find("shopify", of: "other", in: pool)?.version == 0)
      #expect(try await StoredMapping.list(in: pool).count == 5)

      let report = try await take(scene, Self.report(sum: "1.000,50"), first)
      #expect(report.recorded == 2)
      #expect(
        try await scene.lines() == [
          #"7-1 2 1000500000000 0 {"freight": 3200000000}"#, "8-1 -1 1000500000000 0 - 7-1",
        ])
      let moment = try await pool.one(
        "SELECT sold_at FROM sale_lines WHERE external_id = '8-1'", as: Timestamp.self)
      #expect(moment == Timestamp(rfc3339: "2026-02-01T14:30:00Z"))
    }
  }

  @Test func `a report that does not add up to its own total row is refused`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let mapping = try await pool.transaction { tx in
        _ = try await StoredMapping.add(
          try JSON.parse(Self.retail), as: "retail", of: "bookshop", by: nil, in: tx)
        return try await StoredMapping.find("retail", of: "bookshop", in: tx)
      }
      let stored = try #require(mapping)
      let fault = await SalesScene.faults {
        _ = try await take(scene, Self.report(sum: "1.000,49"), stored)
      }
      #expect(
        fault == "the report: 1000.49 EUR were expected, its lines add up to 1000.50 EUR")
      #expect(try await scene.lines().isEmpty)
    }
  }

  @Test(arguments: [
    (#"{"fields":{}}"#, "/fields external_id is missing"),
    (#"{"fields":{"colour":"x"}}"#, "/fields colour is no field of a line"),
    (#"{"delimiter":"|"}"#, "/delimiter must be comma, semicolon or tab"),
    (#"{"fields":{"channel":5}}"#, "/fields/channel must be a column"),
    (#"{"layout":"orders"}"#, "/orders must say by which column"),
    (#"{"layout":"amounts"}"#, "/amounts must say what is the price"),
    (#"{"deductions":{"Ship it":"x"}}"#, "/deductions Ship it must have a name"),
    (#"{"pass_over":[{"column":"x","is":[]}]}"#, "/pass_over/0/reason is required"),
    (#"{"decimal":"dot"}"#, "/decimal must be one of point, comma, either"),
    (#"{"shape":1}"#, "/shape is not known here"),
  ])
  func `mistakes of a mapping are named with their places`(json: String, fault: String) throws {
    do {
      _ = try SaleMapping(json: try JSON.parse(json))
      Issue.record("\(json) was taken")
    } catch let wrong as Invalid {
      let said = wrong.fields.map { "\($0.pointer) \($0.message)" }
      #expect(said.contains { $0.hasPrefix(fault) }, "\(said)")
    }
  }
}
