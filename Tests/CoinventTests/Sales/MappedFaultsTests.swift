import JSON
import TestSupport
import Testing

@testable import Coinvent

/// What a mapped file says that nobody can read is a mistake, and never nothing.
@Suite struct MappedFaultsTests {
  private static let columns = [
    "external_id": "Beleg", "product_id": "Artikel", "quantity": "Menge", "unit_price": "Preis",
    "sold_at": "Datum", "territory": "Land", "discount": "Rabatt",
  ]

  /// A mapping of one's own.
  private static func mapping(
    _ fields: [String: String] = [:], _ more: [String: JSON] = [:]
  ) throws -> SaleMapping {
    var named: JSON = ["channel": ["value": "direct"], "currency": ["value": "EUR"]]
    var object = named.object ?? JSONObject()
    for (field, column) in columns.merging(fields, uniquingKeysWith: { $1 }) {
      object[field] = .string(column)
    }
    named = .object(object)
    var whole = JSONObject()
    whole["fields"] = named
    for (name, value) in more { whole[name] = value }
    return try SaleMapping(json: .object(whole))
  }

  private static func file(land: String = "", date: String = "2026-03-31") -> String {
    "Beleg,Artikel,Menge,Preis,Datum,Land,Rabatt\nB-1,LAMP,1,10.00,\(date),\(land),1.00\n"
  }

  private func fault(_ text: String, _ mapping: SaleMapping) async -> String {
    await SalesScene.faults { _ = try SalesScene.read(text, mapping) }
  }

  @Test(arguments: ["Deutschland", "Austria", "uk", "D"])
  func `a territory that is none is named with its row, column and mend`(land: String) async throws
  {
    #expect(
      await fault(Self.file(land: land), try Self.mapping())
        == "row 2: Land: \"\(land)\" is no ISO 3166-1 code such as DE; say what it means in the "
        + "mapping, such as \"territories\":{\"\(land)\":\"DE\"}, or \"\" for none")
    let mapping = try Self.mapping([:], ["territories": [land.uppercased(): "GB"]])
    let lines = try SalesScene.read(Self.file(land: land), mapping)
    #expect(lines.map(\.territory?.code) == ["GB"])
  }

  @Test func `codes in small letters, words for none and empty cells are read`() throws {
    let mapping = try Self.mapping([:], ["territories": ["n/a": ""]])
    for (land, code) in [("de", "DE"), ("DE", "DE"), ("N/A", nil), ("", nil)] {
      let lines = try SalesScene.read(Self.file(land: land), mapping)
      #expect(lines.map(\.territory?.code) == [code], "\(land)")
    }
  }

  @Test func `a mapping's territories are codes`() {
    #expect(throws: Invalid.self) { try Self.mapping([:], ["territories": ["x": "Germany"]]) }
    #expect(throws: Invalid.self) { try Self.mapping([:], ["territories": ["x": "uk"]]) }
  }

  @Test func `countries that shops export and ISO does not know stop no import`() throws {
    let mapping = try ShippedMapping.shopify.mapping()
    for (land, code) in [("XK", nil), ("AC", "SH"), ("DE", "DE")] {
      let text =
        "Name,Paid at,Currency,Shipping Country,Lineitem quantity,Lineitem price,Lineitem sku\n"
        + "#1,2026-02-05 10:00:00 +0200,EUR,\(land),1,10.00,LAMP\n"
      #expect(try SalesScene.read(text, mapping).map(\.territory?.code) == [code])
    }
  }

  @Test(arguments: ["discount", "territory", "referral", "return_of", "net"])
  func `a column that a mapping of one's own misspells is missing`(field: String) async throws {
    let mapping = try Self.mapping([field: "Rabbat"])
    let said = await fault(Self.file(), mapping)
    #expect(
      said
        == "row 1: \(field) needs a column Rabbat; correct the mapping, or name it in \"optional\" "
        + "if some files lack it")
    let sparing = try Self.mapping([field: "Rabbat"], ["optional": ["Rabbat"]])
    #expect(try SalesScene.read(Self.file(), sparing).count == 1)
  }

  @Test func `so is one of several, and one that is named elsewhere`() async throws {
    var mapping = try Self.mapping()
    mapping.fields["territory"] = .columns(["Land", "Staat"])
    #expect(await fault(Self.file(), mapping).contains("the column \"Staat\" is missing"))
    mapping = try Self.mapping(
      [:], ["pass_over": [["column": "Art", "is": ["Muster"], "reason": "a sample"]]])
    #expect(await fault(Self.file(), mapping).contains("the column \"Art\" is missing"))
    mapping.optional = ["Art"]
    #expect(await fault(Self.file(), mapping) == "")
  }

  @Test(arguments: ["03/04/2026", "3/4/2026 14:30", "03-04-2026"])
  func `a day that may be two needs an order of days`(date: String) async throws {
    #expect(
      await fault(Self.file(date: date), try Self.mapping())
        == "row 2: Datum: \"\(date)\" may be two days; say \"dates\":\"day_first\" or "
        + "\"dates\":\"month_first\" in the mapping")
    for (order, day) in [("day_first", "2026-04-03"), ("month_first", "2026-03-04")] {
      let mapping = try Self.mapping([:], ["dates": .string(order)])
      let lines = try SalesScene.read(Self.file(date: date), mapping)
      #expect(lines.map { $0.soldAt.description.prefix(10) } == [day.prefix(10)])
    }
  }

  @Test(arguments: ["31/03/2026", "03/03/2026", "03.04.2026", "2026/04/03", "2026-03-04"])
  func `a day that is one needs none`(date: String) async throws {
    #expect(await fault(Self.file(date: date), try Self.mapping()) == "")
  }
}
