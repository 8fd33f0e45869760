import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// What an order's sums say of its discounts and of tax in its prices.
@Suite struct OrderSumsTests {
  private static let columns = [
    "Name", "Paid at", "Currency", "Subtotal", "Shipping", "Duties", "Taxes", "Total",
    "Discount Amount", "Refunded Amount", "Lineitem quantity", "Lineitem price", "Lineitem sku",
    "Lineitem discount",
  ]

  /// A row for each item, such as `2 LAMP 10.00 1.00` with its own discount last.
  private static func order(_ name: String, _ items: [String], _ first: [String: String] = [:])
    -> String
  {
    items.enumerated().map { place, item in
      let parts = item.split(separator: " ").map(String.init)
      var row = place == 0 ? first : [:]
      row["Name"] = name
      row["Paid at"] = "2026-02-05 10:00:00 +0200"
      row["Currency"] = "EUR"
      for (column, part) in zip(
        ["Lineitem quantity", "Lineitem sku", "Lineitem price", "Lineitem discount"], parts)
      {
        row[column] = part
      }
      return columns.map { row[$0] ?? "" }.joined(separator: ",") + "\n"
    }.joined()
  }

  private static func file(_ orders: String...) -> String {
    columns.joined(separator: ",") + "\n" + orders.joined()
  }

  private func scene(_ pool: Pool) async throws -> SalesScene {
    let scene = try await SalesScene(pool)
    for sku in ["LAMP", "SHADE"] { try await scene.name(sku) }
    return scene
  }

  @Test func `tax in the prices of an order is taken off its lines, to the nano`() async throws {
    try await withDatabase { pool in
      let scene = try await scene(pool)
      let text = Self.file(
        // 19 % in 30.00, and nothing beside.
        Self.order(
          "#1", ["1 LAMP 10.00", "1 SHADE 20.00"],
          ["Subtotal": "30.00", "Shipping": "0.00", "Taxes": "4.79", "Total": "30.00"]),
        // The shipping has its part of the tax: a quarter.
        Self.order(
          "#2", ["1 LAMP 20.00", "1 SHADE 10.00"],
          ["Subtotal": "30.00", "Shipping": "10.00", "Taxes": "6.40", "Total": "40.00"]),
        // A discount goes first.
        Self.order(
          "#3", ["2 LAMP 10.00"],
          [
            "Subtotal": "15.00", "Shipping": "0.00", "Taxes": "2.39", "Total": "15.00",
            "Discount Amount": "5.00",
          ]),
        // Tax that comes on top was never in the prices.
        Self.order(
          "#4", ["1 LAMP 10.00"],
          ["Subtotal": "10.00", "Shipping": "5.00", "Taxes": "1.50", "Total": "16.50"]),
        Self.order("#5", ["1 LAMP 10.00"], ["Taxes": "0.00", "Total": "99.00"]))
      #expect(try await scene.take(text, .shopify).recorded == 7)
      #expect(
        try await scene.lines() == [
          "#1/1 1 10000000000 1596666666 -", "#1/2 1 20000000000 3193333334 -",
          "#2/1 1 20000000000 3200000000 -", "#2/2 1 10000000000 1600000000 -",
          "#3/1 2 10000000000 7390000000 -", "#4/1 1 10000000000 0 -", "#5/1 1 10000000000 0 -",
        ])
      let taxed = try await pool.one(
        "SELECT sum(discount)::bigint FROM sale_lines WHERE external_id LIKE '#1/%'",
        as: Int64.self)
      #expect(taxed == 4_790_000_000)
    }
  }

  @Test func `what comes back of an order with tax in its prices was without it too`() async throws
  {
    try await withDatabase { pool in
      let scene = try await scene(pool)
      func sums(_ total: String, _ tax: String, back: String) -> [String: String] {
        [
          "Subtotal": total, "Shipping": "0.00", "Taxes": tax, "Total": total,
          "Refunded Amount": back,
        ]
      }
      let text = Self.file(
        Self.order("#1", ["2 LAMP 11.90"], sums("23.80", "3.80", back: "11.90")),
        Self.order("#2", ["1 LAMP 11.90"], sums("11.90", "1.90", back: "11.90")),
        Self.order(
          "#3", ["1 LAMP 11.90", "1 SHADE 11.90"], sums("23.80", "3.80", back: "5.95")))
      #expect(try await scene.take(text, .shopify).suspended == ["unclear_refund": 1])
      let back = try await scene.lines().filter { $0.contains("refund") }
      #expect(
        back == [
          "#1/1/refund/1 -1 11900000000 1900000000 - #1/1",
          "#2/1/refund/1 -1 11900000000 1900000000 - #2/1",
        ])
      let waiting = try #require(try await Suspense.list(in: pool).lines.first)
      #expect(waiting.externalID == "#3/refund" && waiting.line["unit_price"] == "5.00")
    }
  }

  @Test func `sums that do not tell whether tax is in the prices are refused, unless one says so`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await scene(pool)
      let first = ["Subtotal": "10.00", "Shipping": "5.00", "Taxes": "1.50", "Total": "15.70"]
      let text = Self.file(Self.order("#1", ["1 LAMP 10.00"], first))
      let fault = await SalesScene.faults { try await scene.take(text, .shopify) }
      #expect(
        fault
          == "row 2: its sums do not tell whether its prices include tax (Taxes 1.50, Subtotal "
          + "10.00, Shipping 5.00, Duties (empty), Total 15.70); say \"else\":\"included\" or "
          + "\"excluded\" in orders.taxes of a mapping of your own")
      for (prices, off) in [(OrderTaxes.Prices.included, 955_414_012), (.excluded, 0 as Int64)] {
        var mapping = try ShippedMapping.shopify.mapping()
        mapping.orders.taxes = OrderTaxes(
          amount: "Taxes", total: "Total", plus: ["Shipping"], otherwise: prices)
        #expect(try SalesScene.read(text, mapping).map(\.discount) == [off])
      }
    }
  }

  /// Own discount, the order's, the subtotal of 2 × 10.00, and what is taken off in nanos.
  private static let ways: [(String, String, String, Int64)] = [
    ("1.00", "3.00", "16.00", 4_000_000_000), ("1.00", "3.00", "17.00", 3_000_000_000),
    ("1.00", "3.00", "19.00", 1_000_000_000), ("3.00", "1.00", "19.00", 1_000_000_000),
    ("2.00", "2.00", "18.00", 2_000_000_000),
    // On shipping only.
    ("0.00", "5.00", "20.00", 0), ("0.00", "5.00", "15.00", 5_000_000_000),
    // A lone discount that the subtotal does not know is taken as it stands.
    ("0.00", "5.00", "19.50", 5_000_000_000), ("1.00", "0.00", "19.00", 1_000_000_000),
    // Nothing tells: both.
    ("1.00", "3.00", "", 4_000_000_000),
  ]

  @Test(arguments: ways)
  func `the subtotal tells which discounts count`(
    own: String, order: String, subtotal: String, off: Int64
  ) throws {
    let text = Self.file(
      Self.order(
        "#1", ["2 LAMP 10.00 \(own)"], ["Subtotal": subtotal, "Discount Amount": order]))
    let lines = try SalesScene.read(text, try ShippedMapping.shopify.mapping())
    #expect(lines.map(\.discount) == [off])
  }

  @Test func `an order's discount that holds those of its lines adds the rest to all`() throws {
    let text = Self.file(
      Self.order(
        "#1", ["1 LAMP 10.00 4.00", "1 SHADE 6.00"],
        ["Subtotal": "10.00", "Discount Amount": "6.00"]))
    let lines = try SalesScene.read(text, try ShippedMapping.shopify.mapping())
    #expect(lines.map(\.discount) == [5_000_000_000, 1_000_000_000])
  }

  @Test func `discounts that agree with the subtotal in no way are a mistake`() async {
    let text = Self.file(
      Self.order(
        "#1", ["2 LAMP 10.00 1.00"], ["Subtotal": "11.11", "Discount Amount": "3.00"]))
    let fault = await SalesScene.faults {
      _ = try SalesScene.read(text, try ShippedMapping.shopify.mapping())
    }
    #expect(
      fault.hasPrefix(
        "row 2: its Subtotal 11.11 fits neither both the discounts of its rows and its Discount "
          + "Amount nor one of them alone"), "\(fault)")
  }
}
