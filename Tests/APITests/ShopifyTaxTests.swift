import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Shops whose prices include tax: royalties are of what is without it.
@Suite struct ShopifyTaxTests {
  private struct Shop {
    let client: Client
    let key: [UInt8]

    init(_ client: Client) async throws {
      self.client = client
      let ada = try await client.story.member("ada")
      let boss = try await client.story.member("boss", role: .admin)
      let product = try await client.story.product(by: ada, curator: boss)
      let secret = "a secret that Shopify shows"
      key = try #require(HookSecrets.key(secret, .shopify))
      _ = try await client.pool.transaction { tx in
        _ = try await ProductAliases.add("LAMP", of: "store", product: product, by: nil, in: tx)
        return try await HookSecrets.add(secret, .shopify, for: "store", in: tx)
      }
    }

    /// What became of each line.
    func send(_ body: JSON) async throws -> [String] {
      let signature = Base64.encode(HookSignature.mac(body.bytes(), key))
      let answer = try await client.send(
        .post, "/v1/hooks/sales/store", body, headers: [("X-Shopify-Hmac-Sha256", signature)])
      #expect(answer.status == 200)
      return (answer["lines"]?.array ?? []).compactMap {
        $0["reason"]?.string ?? $0["outcome"]?.string
      }
    }

    /// Key and discount of every line.
    func lines() async throws -> [String] {
      try await client.pool.all(
        "SELECT concat_ws(' ', external_id, quantity, discount) FROM sale_lines ORDER BY 1",
        as: String.self)
    }
  }

  private static func item(_ id: Int64, _ units: Int64, _ price: String, _ taxes: String...)
    -> JSON
  {
    var item: JSONObject = JSONObject()
    item["id"] = .int(id)
    item["sku"] = "LAMP"
    item["quantity"] = .int(units)
    item["price"] = .string(price)
    item["tax_lines"] = .array(taxes.map { ["price": .string($0)] })
    return .object(item)
  }

  private static func order(
    _ id: Int64, included: Bool, tax: String, shipping: String = "0.00", _ items: JSON...
  ) -> JSON {
    [
      "id": .int(id), "currency": "EUR", "processed_at": "2026-02-03T10:00:00+01:00",
      "taxes_included": .bool(included), "total_tax": .string(tax), "line_items": .array(items),
      "shipping_lines": [["tax_lines": [["price": .string(shipping)]]]],
    ]
  }

  private static func refund(
    _ id: Int64, of order: Int64, _ item: JSON, units: Int64, _ paid: String, tax: String
  ) -> JSON {
    [
      "id": .int(id), "order_id": .int(order), "created_at": "2026-02-05T10:00:00+01:00",
      "transactions": [["currency": "EUR"]],
      "refund_line_items": [
        [
          "id": .int(id), "quantity": .int(units), "line_item_id": item["id"] ?? .null,
          "subtotal": .string(paid), "total_tax": .string(tax), "line_item": item,
        ]
      ],
    ]
  }

  @Test func `tax in prices is taken off each line, by what is said of it or of the order`()
    async throws
  {
    try await withApplication { client in
      let shop = try await Shop(client)
      _ = try await shop.send(
        Self.order(
          1, included: true, tax: "5.70", shipping: "0.95",
          Self.item(1, 2, "11.90", "3.00", "0.80"),
          Self.item(2, 1, "5.95", "0.95")))
      // Said of the order alone: divided by price, without that of the shipping.
      _ = try await shop.send(
        Self.order(
          2, included: true, tax: "10.95", shipping: "0.95", Self.item(1, 1, "20.00"),
          Self.item(2, 1, "10.00")))
      _ = try await shop.send(
        Self.order(3, included: false, tax: "3.80", Self.item(1, 2, "10.00", "3.80")))
      #expect(
        try await shop.lines() == [
          "1/1 2 3800000000", "1/2 1 950000000", "2/1 1 6666666666", "2/2 1 3333333334", "3/1 2 0",
        ])
    }
  }

  @Test(arguments: [("11.90", "1.90"), ("10.00", "1.90")])
  func `what comes back is without its tax as its sale is, however the refund writes it`(
    paid: String, tax: String
  ) async throws {
    try await withApplication { client in
      let shop = try await Shop(client)
      let item = Self.item(7, 2, "11.90", "3.80")
      #expect(
        try await shop.send(Self.order(1, included: true, tax: "3.80", item)) == ["recorded"])
      for id in [8, 9] as [Int64] {
        let refund = Self.refund(id, of: 1, item, units: 1, paid, tax: tax)
        #expect(try await shop.send(refund) == ["recorded"])
      }
      let net = try await client.pool.one(
        "SELECT sum(net)::bigint FROM sale_lines", as: Int64.self)
      #expect(net == 0)
    }
  }

  @Test func `tax on top comes back beside the price`() async throws {
    try await withApplication { client in
      let shop = try await Shop(client)
      let item = Self.item(7, 2, "10.00", "3.80")
      _ = try await shop.send(Self.order(1, included: false, tax: "3.80", item))
      _ = try await shop.send(Self.refund(8, of: 1, item, units: 2, "20.00", tax: "3.80"))
      #expect(try await shop.lines() == ["1/7 2 0", "1/7/refund/8 -2 0"])
    }
  }

  @Test
  func
    `a refund with tax whose sale nobody knows waits: only that tells whether prices include it`()
    async throws
  {
    try await withApplication { client in
      let shop = try await Shop(client)
      let item = Self.item(7, 2, "11.90", "3.80")
      let refund = Self.refund(8, of: 1, item, units: 1, "11.90", tax: "1.90")
      #expect(try await shop.send(refund) == ["unclear_refund"])
      _ = try await shop.send(Self.order(1, included: true, tax: "3.80", item))
      // Its money is that of one unit with the tax, which the sale has not.
      #expect(try await ReplaySuspense.run(pool: client.pool).waiting == 1)
      #expect(try await shop.lines() == ["1/7 2 3800000000"])
      let other = Self.refund(9, of: 1, item, units: 1, "11.90", tax: "1.90")
      #expect(try await shop.send(other) == ["recorded"])
    }
  }

  @Test func `a country that ISO does not know loses no order`() async throws {
    try await withApplication { client in
      let shop = try await Shop(client)
      var order = try #require(
        Self.order(1, included: false, tax: "0.00", Self.item(7, 1, "10.00")).object)
      order["shipping_address"] = ["country_code": "XK"]
      #expect(try await shop.send(.object(order)) == ["recorded"])
    }
  }
}
