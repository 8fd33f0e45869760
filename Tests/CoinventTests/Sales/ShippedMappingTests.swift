import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct ShippedMappingTests {
  private static let shopify = """
    Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Discount Amount,Created at,\
    Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,\
    Shipping Country,Refunded Amount
    #1001,a@example.com,paid,2026-02-01 09:50:26 +0200,USD,29.00,29.00,1.00,\
    2026-02-01 09:50:00 +0200,2,Lamp,10.00,LAMP,0.00,DE,0.00
    #1001,a@example.com,,,,,,,2026-02-01 09:50:00 +0200,1,Shade,10.00,SHADE,0.00,,
    #1002,b@example.com,pending,,USD,10.00,10.00,0.00,2026-02-02 10:00:00 +0200,1,Lamp,10.00,LAMP,\
    0.00,US,0.00
    #1003,c@example.com,refunded,2026-02-03 10:00:00 +0200,USD,20.00,20.00,0.00,\
    2026-02-03 10:00:00 +0200,2,Lamp,10.00,LAMP,0.00,US,20.00
    #1004,d@example.com,partially_refunded,2026-02-04 10:00:00 +0200,USD,20.00,20.00,0.00,\
    2026-02-04 10:00:00 +0200,2,Lamp,10.00,LAMP,0.00,US,7.00

    """

  private static func shopifyOrder(_ name: String, _ items: [String], _ first: [String: String])
    -> String
  {
    let columns = shopify.split(separator: "\n")[0].split(separator: ",").map(String.init)
    return items.enumerated().map { place, item in
      let parts = item.split(separator: " ").map(String.init)
      var row = [
        "Name": name, "Created at": "2026-02-05 10:00:00 +0200", "Lineitem quantity": parts[0],
        "Lineitem sku": parts[1], "Lineitem price": parts[2],
      ]
      if place == 0 {
        row.merge(first) { $1 }
        row["Currency"] = "USD"
        row["Paid at"] = "2026-02-05 10:00:00 +0200"
      }
      return columns.map { row[$0] ?? "" }.joined(separator: ",") + "\n"
    }.joined()
  }

  @Test func `a Shopify refund of all but the shipping, or of whole units, needs nobody`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      for sku in ["LAMP", "SHADE"] { try await scene.name(sku) }
      let text =
        Self.shopify.split(separator: "\n")[0] + "\n"
        // Two items, refunded but for the shipping of 5.
        + Self.shopifyOrder(
          "#1", ["1 LAMP 10.00", "1 SHADE 12.00"], ["Total": "27.00", "Refunded Amount": "22.00"])
        // One unit of two, whose discount is divided.
        + Self.shopifyOrder(
          "#2", ["2 LAMP 10.00"],
          ["Total": "18.00", "Discount Amount": "2.00", "Refunded Amount": "9.00"])
        // Its status says that all of it went back, though the tax did not.
        + Self.shopifyOrder(
          "#3", ["1 LAMP 10.00"],
          ["Total": "11.90", "Refunded Amount": "10.50", "Financial Status": "refunded"])
        // An item was taken out before it was paid; another order has paid for a part only.
        + Self.shopifyOrder("#4", ["0 LAMP 10.00", "1 SHADE 12.00"], ["Total": "12.00"])
        + Self.shopifyOrder("#5", ["1 LAMP 10.00"], ["Financial Status": "partially_paid"])
        // Nobody can say for which of two items.
        + Self.shopifyOrder(
          "#6", ["1 LAMP 10.00", "1 SHADE 10.00"], ["Total": "20.00", "Refunded Amount": "10.00"])
      let report = try await scene.take(text, .shopify)
      #expect(report.suspended == ["unclear_refund": 1])
      let back = try await scene.lines().filter { $0.contains("refund") }
      #expect(
        back == [
          "#1/1/refund/1 -1 10000000000 0 - #1/1", "#1/2/refund/1 -1 12000000000 0 - #1/2",
          "#2/1/refund/1 -1 10000000000 1000000000 - #2/1", "#3/1/refund/1 -1 10000000000 0 - #3/1",
        ])
      let found = try await SaleReport.find(try #require(report.id), in: pool)
      #expect(found?.passedOver == ["no units": 1, "not paid": 1])
    }
  }

  @Test func `a Shopify export spreads the order's discount and knows what came back`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      for sku in ["LAMP", "SHADE"] { try await scene.name(sku) }
      let report = try await scene.take(Self.shopify, .shopify)
      #expect(report.recorded == 6 && report.suspended == ["unclear_refund": 1])
      #expect(
        try await scene.lines() == [
          "#1001/1 2 10000000000 666666666 -", "#1001/2 1 10000000000 333333334 -",
          "#1003/1 2 10000000000 0 -", "#1003/1/refund/1 -1 10000000000 0 - #1003/1",
          "#1003/1/refund/2 -1 10000000000 0 - #1003/1", "#1004/1 2 10000000000 0 -",
        ])
      let first = try await pool.one(
        "SELECT sold_at, territory FROM sale_lines WHERE external_id = '#1001/2'",
        as: (Timestamp, String).self)
      #expect(first.0 == Timestamp(rfc3339: "2026-02-01T07:50:26Z") && first.1 == "DE")
      let id = try #require(report.id)
      let found = try #require(try await SaleReport.find(id, in: pool))
      #expect(found.passedOver == ["not paid": 1] && found.recorded == 6 && found.lines == 7)
      let again = try await scene.take(Self.shopify, .shopify)
      #expect(again.id == report.id && again.recorded == 0 && again.repeated == 6)
    }
  }

  private static let amazonHead = """
    settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\
    \ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\
    \tamount-type\tamount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\
    \torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\
    \tpromotion-id
    """

  private static func amazon(total: String) -> String {
    func row(_ cells: [Int: String]) -> String {
      (0..<24).map { cells[$0] ?? "" }.joined(separator: "\t")
    }
    func amount(
      _ type: String, _ order: String, _ kind: String, _ what: String, _ amount: String,
      units: String = "", adjustment: String = ""
    ) -> String {
      row([
        0: "77", 5: "USD", 6: type, 7: order, 9: adjustment, 11: "Amazon.com", 12: kind, 13: what,
        14: amount, 16: "2026-02-05", 17: "2026-02-05 10:11:12 UTC",
        18: type == "Order" || type == "Refund" ? "9" + order : "", 21: "LAMP", 22: units,
      ])
    }
    return
      ([
        amazonHead, row([0: "77", 4: total, 5: "USD"]),
        amount("Order", "111", "ItemPrice", "Principal", "20.00", units: "2"),
        amount("Order", "111", "ItemPrice", "Tax", "1.60", units: "2"),
        amount("Order", "111", "ItemFees", "Commission", "-3.00", units: "2"),
        amount("Order", "111", "ItemFees", "FBAPerUnitFulfillmentFee", "-4.00", units: "2"),
        amount("Order", "111", "Promotion", "Principal", "-1.00", units: "2"),
        amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount", "-5.00"),
        amount("Refund", "111", "ItemPrice", "Principal", "-10.00", adjustment: "A1"),
        amount("Refund", "111", "ItemFees", "Commission", "1.50", adjustment: "A1"),
        amount("Refund", "111", "ItemFees", "RefundCommission", "-0.30", adjustment: "A1"),
        amount("Order", "222", "ItemPrice", "Principal", "5.00", units: "1"),
        amount("Order", "222", "ItemFees", "FBAPerUnitFulfillmentFee", "-9.00", units: "1"),
      ]).joined(separator: "\n") + "\n"
  }

  @Test func `an Amazon settlement sums the amounts of an item, and finds units of a refund`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      try await scene.name("LAMP")
      let report = try await scene.take(Self.amazon(total: "-4.20"), .amazon)
      #expect(report.recorded == 3 && report.suspended.isEmpty)
      #expect(
        try await scene.lines() == [
          #"111/9111 2 10000000000 1000000000 {"fees": 4000000000, "commission": 3000000000}"#,
          #"111/9111/refund/A1 -1 10000000000 0 {"commission": 1200000000} 111/9111"#,
          // What is kept beyond the price takes nothing away.
          #"222/9222 1 5000000000 0 {"fees": 5000000000}"#,
        ])
      let id = try #require(report.id)
      let passed = try await SaleReport.find(id, in: pool)?.passedOver
      #expect(
        passed == [
          "no part of the price: ItemPrice/Tax": 1, "no sale: ServiceFee": 1, "no sale: (empty)": 1,
        ])
      #expect(try await scene.take(Self.amazon(total: "-4.20"), .amazon).repeated == 3)
    }
  }

  @Test func `an Amazon settlement writes decimals and days as its country does`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      try await scene.name("LAMP")
      let american = Self.amazon(total: "-4.20")
      // The currency may stand in the first row only.
      let rows = american.replacing("2026-02-05", with: "05.02.2026").split(separator: "\n")
      let european = rows.enumerated().map { place, row in
        place < 2 ? String(row) : String(row).replacing("\tUSD\t", with: "\t\t")
      }.joined(separator: "\n").replacing(
        #/(\d)\.(\d\d)\t/#, with: { "\($0.output.1),\($0.output.2)\t" })
      #expect(european.contains("\t20,00\t") && european.contains("\t-4,20\t"))
      #expect(try await scene.take(american, .amazon).recorded == 3)
      #expect(try await scene.take(european, .amazon).repeated == 3)
    }
  }

  @Test func `money that Amazon gives back itself is a refund`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      try await scene.name("LAMP")
      let text = Self.amazon(total: "-4.20").replacing("\tRefund\t", with: "\tChargeback Refund\t")
      let report = try await scene.take(text, .amazon)
      #expect(report.recorded == 3)
      #expect(try await scene.lines().contains { $0.hasPrefix("111/9111/refund/A1 -1") })
    }
  }

  @Test func `an Amazon settlement whose amounts do not add up to its total is refused`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let fault = await SalesScene.faults {
        try await scene.take(Self.amazon(total: "99"), .amazon)
      }
      #expect(fault.contains("it says 99.00 in all, but the column amount adds up to -4.20"))
      let kept = try await pool.one("SELECT count(*) FROM sale_reports", as: Int64.self)
      #expect(kept == 0)
    }
  }

  private static func woocommerce(refunded: Int) -> String {
    """
    order_id,status,date,order_currency,item_id,item_name,item_sku,item_quantity,item_subtotal,\
    item_total,item_refunded_qty,billing_country
    501,completed,2026-02-06 08:00:00,EUR,71,Lamp,LAMP,3,10.00,9.00,\(refunded),FR
    501,completed,2026-02-06 08:00:00,EUR,72,Shade,,1,4.00,4.00,0,FR
    502,cancelled,2026-02-06 09:00:00,EUR,73,Lamp,LAMP,1,10.00,10.00,0,FR

    """
  }

  @Test func `a WooCommerce export has exact unit prices, and a line for each unit that came back`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      for sku in ["LAMP", "Shade"] { try await scene.name(sku) }
      #expect(try await scene.take(Self.woocommerce(refunded: 1), .woocommerce).recorded == 3)
      let more = try await scene.take(Self.woocommerce(refunded: 3), .woocommerce)
      #expect(more.recorded == 2 && more.repeated == 3)
      #expect(
        try await scene.lines() == [
          "501/71 3 3333333334 1000000002 -", "501/71/refund/1 -1 3333333334 333333334 - 501/71",
          "501/71/refund/2 -1 3333333334 333333334 - 501/71",
          "501/71/refund/3 -1 3333333334 333333334 - 501/71", "501/72 1 4000000000 0 -",
        ])
      let net = try await pool.one(
        "SELECT sum(net)::bigint FROM sale_lines WHERE external_id LIKE '501/71%'", as: Int64.self)
      #expect(net == 0)
    }
  }

  @Test func `money of a WooCommerce item that went back waits, unless it is that of whole units`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      try await scene.name("LAMP")
      let head =
        "order_id,status,order_date,paid_date,order_currency,item_id,item_sku,item_quantity,"
        + "item_subtotal,item_total,item_refunded,item_refunded_qty\n"
      let text =
        head + "1,completed,2/13/2026 8:00,2/14/2026 8:00,EUR,7,LAMP,2,20.00,18.00,9.00,0\n"
        + "2,completed,2/13/2026 8:00,,EUR,8,LAMP,2,20.00,18.00,5.00,0\n"
        + "3,completed,2/13/2026 8:00,,EUR,9,LAMP,2,20.00,18.00,9.00,-1\n"
      let report = try await scene.take(text, .woocommerce)
      #expect(report.suspended == ["unclear_refund": 1] && report.recorded == 5)
      #expect(try await Suspense.list(in: pool).lines.map(\.externalID) == ["2/8/refund"])
      let back = try await scene.lines().filter { $0.contains("refund") }
      #expect(
        back == [
          "1/7/refund/1 -1 10000000000 1000000000 - 1/7",
          "3/9/refund/1 -1 10000000000 1000000000 - 3/9",
        ])
      let sold = try await pool.one("SELECT min(sold_at) FROM sale_lines", as: Timestamp.self)
      #expect(sold == Timestamp(rfc3339: "2026-02-13T08:00:00Z"))
      // That it was paid later makes it no other sale.
      let paid = text.replacing("8:00,,", with: "8:00,2/15/2026 8:00,")
      #expect(try await scene.take(paid, .woocommerce).conflictCount == 0)
    }
  }

  @Test(arguments: ShippedMapping.allCases)
  func `a shipped mapping is a mapping, and says what column a file lacks`(
    shipped: ShippedMapping
  ) async throws {
    _ = try shipped.mapping()
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let fault = await SalesScene.faults { try await scene.take("a,b\n1,2\n", shipped) }
      #expect(fault.contains("row 1") && fault.contains("column"))
    }
  }

  @Test func `rows of an order that do not stand together are refused`() async throws {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let head = "order_id,date,order_currency,item_sku,item_quantity,item_subtotal,item_total\n"
      let text = head + ["1", "2", "1"].map { "\($0),2026-02-06,EUR,LAMP,1,5,5\n" }.joined()
      let fault = await SalesScene.faults { try await scene.take(text, .woocommerce) }
      #expect(fault.contains("row 4") && fault.contains("sort the rows"))
    }
  }
}
