import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct SaleFieldsTests {
  private func scene(_ pool: Pool) async throws -> (Story, ProductID) {
    let story = Story(pool)
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    return (story, try await story.product(by: ada, curator: curator))
  }

  private func line(_ product: ProductID, _ more: JSON = [:]) throws -> SaleLine {
    var fields = try #require(
      (try JSON.parse(
        """
        {"external_id":"1","product_id":"\(product)","channel":"direct","quantity":2,
         "unit_price":"10.00","discount":"1","currency":"USD","sold_at":"2026-01-31"}
        """)).object)
    for (key, value) in more.object ?? JSONObject() { fields[key] = value }
    return try SaleLine(json: .object(fields), at: "/lines/0")
  }

  private func faults(_ more: JSON) -> [String] {
    do {
      _ = try line(ProductID(uuid: .zero), more)
      return []
    } catch let wrong as Invalid {
      return wrong.fields.map { "\($0.pointer) \($0.message)" }
    } catch { return ["\(error)"] }
  }

  private let particulars: JSON = [
    "territory": "DE", "format": "hardcover", "list_price": "12.50",
    "deductions": ["shipping": "4.50", "fees-paid": "0.25", "none": "0"],
  ]

  @Test func `territory, format, list price and named deductions are kept`() async throws {
    try await withDatabase { pool in
      let (story, product) = try await scene(pool)
      #expect(try await story.sell([line(product, particulars)]) == [.recorded])
      let row = try await pool.one(
        "SELECT territory, format, list_price, deductions::text FROM sale_lines",
        as: (String, String, Int64, String).self)
      #expect(row.0 == "DE" && row.1 == "hardcover" && row.2 == 12_500_000_000)
      #expect(row.3 == #"{"shipping": 4500000000, "fees-paid": 250000000}"#)
      #expect(try await story.sell([line(product, particulars)]) == [.repeated])
      #expect(
        try await story.sell([line(product)]) == [
          .conflict("recorded before with another territory, format, list_price, deductions")
        ])
    }
  }

  @Test func `a line read back from its JSON is the same line`() throws {
    let line = try line(ProductID(uuid: .zero), particulars)
    #expect(try SaleLine(json: line.json, at: "") == line)
    #expect(line.json["deductions"] == ["fees-paid": "0.25", "shipping": "4.50"])
    #expect(try self.line(ProductID(uuid: .zero)).json["territory"] == nil)
  }

  @Test func `a return's deductions may be written with either sign`() throws {
    let back = try line(
      ProductID(uuid: .zero),
      ["quantity": -1, "return_of": "0", "deductions": ["shipping": "-4.50"]])
    #expect(back.deductions == ["shipping": 4_500_000_000])
  }

  @Test func `what is wrong is named with its place`() {
    #expect(
      faults(["territory": "XX", "format": "Hard cover", "list_price": "-1"]) == [
        "/lines/0/territory must be an ISO 3166-1 code of two capitals such as US",
        "/lines/0/format must be 1 to 32 of a-z, 0-9 and _, the first a letter, such as hardcover",
        "/lines/0/list_price must not be negative",
      ])
    #expect(
      faults(["deductions": ["shipping": "-1"]])
        == ["/lines/0/deductions/shipping must not be negative"])
    #expect(
      faults(["deductions": ["shipping": 4]])
        == ["/lines/0/deductions/shipping must be a decimal as a string"])
    #expect(
      faults(["deductions": ["discount": "1"]])
        == ["/lines/0/deductions/discount is the field discount of the line"])
    #expect(
      faults(["deductions": ["Ship": "1"]]) == [
        "/lines/0/deductions/Ship must have a name of 1 to 32 of a-z, 0-9, _ and -, the first a "
          + "letter"
      ])
    #expect(faults(["deductions": "4"]).first?.contains("must be an object") == true)
    #expect(
      faults(["deductions": ["shipping": "19.01"]])
        == ["/lines/0/discount all deductions together are more than quantity times unit price"])
    #expect(faults(["deductions": ["shipping": "19.00"]]).isEmpty)
  }

  @Test(arguments: [
    #"{"shipping": 3000000001}"#, #"{"Shipping": 1}"#, #"{"shipping": -1}"#,
    #"{"shipping": "much"}"#, #"{"discount": 1}"#,
  ])
  func `the database refuses deductions that are no names and nanos within the price`(
    deductions: String
  ) async throws {
    try await withDatabase { pool in
      let (_, product) = try await scene(pool)
      await #expect(throws: DatabaseError.self) {
        try await pool.execute(
          """
          INSERT INTO sale_lines (source, external_id, product_id, channel, quantity, unit_price,
            discount, allowance, currency, sold_at, deductions, received_at)
          VALUES ('shop', '1', \(product.uuid), 'direct', 1, 4000000000, 1000000000, 0, 'USD',
            now(), \(deductions)::text::jsonb, now())
          """)
      }
    }
  }

  @Test func `CSV has a column for each deduction and says what is wrong in its header`() throws {
    let path = NSTemporaryDirectory() + "fields-\(Timestamp.now.microseconds).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let head = "external_id,product_id,channel,quantity,unit_price,currency,sold_at"
    try
      (head + ",territory,deduction_shipping\n1,p,direct,1,5,USD,2026-01-31,US,0.5\n"
      + "2,p,direct,1,5,USD,2026-01-31,,\n").write(
        toFile: path, atomically: true, encoding: .utf8)
    let file = try SalesFile(path: path)
    let first = try #require(try file.next())
    #expect(first.territory?.code == "US" && first.deductions == ["shipping": 500_000_000])
    let second = try #require(try file.next())
    #expect(second.territory == nil && second.deductions.isEmpty)
    try (head + ",deduction_Ship,colour\n").write(toFile: path, atomically: true, encoding: .utf8)
    do {
      _ = try SalesFile(path: path)
      Issue.record("such columns were taken")
    } catch let wrong as Invalid {
      #expect(wrong.fields.count == 2)
      #expect(wrong.description.contains("\"colour\" is no column"))
      #expect(wrong.description.contains("deduction_Ship must have a name"))
    }
  }

  @Test func `a contract that pays by list prices holds lines without one back`() async throws {
    try await withDatabase { pool in
      let (story, product) = try await scene(pool)
      try await pool.execute(
        """
        INSERT INTO contracts (product_id, version, base, terms, starts_at, created_at)
        SELECT product_id, 2, 'list', '{"list_prices":{"EUR":"9"}}',
          created_at + interval '1 day', created_at FROM contracts
        """)
      let before = "2026-01-31"
      let after = Timestamp(microseconds: Timestamp.now.microseconds + 172_800_000_000).description
      func sale(_ id: String, _ at: String, _ more: JSON = [:]) throws -> SaleLine {
        var fields = try #require(more.object)
        fields["external_id"] = .string(id)
        fields["sold_at"] = .string(at)
        return try line(product, .object(fields))
      }
      #expect(
        try await story.sell([
          sale("early", before), sale("bare", after), sale("priced", after, ["list_price": "12"]),
          sale("euro", after, ["currency": "EUR"]),
        ]) == [.recorded, .suspended(.noListPrice), .recorded, .recorded])
      #expect(
        try await story.sell([
          sale("back", after, ["quantity": -1, "return_of": "priced"]),
          sale("stray", after, ["quantity": -1, "return_of": "gone"]),
        ]) == [.recorded, .suspended(.noListPrice)])
    }
  }
}
