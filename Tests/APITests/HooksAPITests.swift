import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct HooksAPITests {
  private static let path = "/v1/hooks/sales/store"

  private func secret(
    _ client: Client, _ signer: HookSecrets.Signer, _ text: String? = nil
  ) async throws -> [UInt8] {
    let text = text ?? HookSecrets.make(signer)
    let outcome = try await client.pool.transaction { tx in
      try await HookSecrets.add(text, signer, for: "store", in: tx)
    }
    guard case .added = outcome else { throw Surprise("the secret was not taken") }
    return try #require(HookSecrets.key(text, signer))
  }

  private func product(_ client: Client) async throws -> ProductID {
    let ada = try await client.story.member("ada")
    let boss = try await client.story.member("boss", role: .admin)
    return try await client.story.product(by: ada, curator: boss)
  }

  private func standard(
    _ client: Client, _ body: JSON, key: [UInt8], id: String = "msg_1", age: Int64 = 0
  ) async throws -> Client.Answer {
    let time = "\(Timestamp.now.microseconds / 1_000_000 - age)"
    let message = Array("\(id).\(time).".utf8) + body.bytes()
    let signature = "v1,c2hvcnQ= v1," + Base64.encode(HookSignature.mac(message, key))
    return try await client.send(
      .post, Self.path, body,
      headers: [
        ("webhook-id", id), ("webhook-timestamp", time), ("webhook-signature", signature),
      ])
  }

  private func shop(_ client: Client, _ header: String, _ body: JSON, key: [UInt8]) async throws
    -> Client.Answer
  {
    let signature = Base64.encode(HookSignature.mac(body.bytes(), key))
    return try await client.send(.post, Self.path, body, headers: [(header, signature)])
  }

  private func name(_ sku: String, _ product: ProductID, _ client: Client) async throws {
    _ = try await client.pool.transaction { tx in
      try await ProductAliases.add(sku, of: "store", product: product, by: nil, in: tx)
    }
  }

  @Test func `the signature of the specification's example is the one that it states`() throws {
    let key = try #require(
      HookSecrets.key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", .standard))
    let body = Array(#"{"test": 2432232314}"#.utf8)
    let signature = HookSignature.standard(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330",
      signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    let sent = Timestamp(microseconds: 1_614_265_330_000_000)
    #expect(signature.isGood(body, keys: [key], at: sent))
    #expect(signature.isGood(body, keys: [key], at: sent + .seconds(300)))
    #expect(!signature.isGood(body, keys: [key], at: sent + .seconds(301)))
    #expect(!signature.isGood(body, keys: [key], at: sent - .seconds(301)))
    #expect(!signature.isGood(body + [32], keys: [key], at: sent))
    #expect(!signature.isGood(body, keys: [], at: sent))
  }

  @Test func `signed lines are recorded once, and nothing else is`() async throws {
    try await withApplication { client in
      let product = try await product(client)
      let body: JSON = [
        "lines": [
          [
            "external_id": "1", "product_id": .string("\(product)"), "channel": "direct",
            "quantity": 1, "unit_price": "5", "currency": "USD", "sold_at": "2026-01-31",
          ]
        ]
      ]
      let stranger = [UInt8](repeating: 7, count: 32)
      #expect(try await standard(client, body, key: stranger).status == 404)
      let first = try await secret(client, .standard)
      let wrong = try await standard(client, body, key: stranger)
      #expect(wrong.status == 401 && wrong.problem == "wrong-signature")
      #expect(try await standard(client, body, key: first, age: 301).status == 401)
      #expect(try await client.send(.post, Self.path, body).status == 401)
      let taken = try await standard(client, body, key: first)
      #expect(taken.status == 200 && taken["lines"]?[0]?["outcome"]?.string == "recorded")
      let again = try await standard(client, body, key: first)
      #expect(again["repeated"]?.bool == true && again["lines"]?.array?.isEmpty == true)
      // Under another id the lines are still known.
      let second = try await secret(client, .standard)
      let more = try await standard(client, body, key: second, id: "msg_2")
      #expect(more["lines"]?[0]?["outcome"]?.string == "repeated")
      let retired = try await client.pool.transaction { tx in
        try await HookSecrets.retire(1, of: "store", in: tx)
      }
      #expect(retired)
      #expect(try await standard(client, body, key: first, id: "msg_3").status == 401)
      #expect(try await standard(client, [:], key: second, id: "msg_3").pointers == ["/lines"])
      // What was refused was not taken, and may come again.
      #expect(try await standard(client, body, key: second, id: "msg_3")["repeated"] == false)
      #expect(try await HookSecrets.list(in: client.pool).map(\.number) == [1, 2])
    }
  }

  @Test func `Shopify's orders and refunds become lines and returns`() async throws {
    try await withApplication { client in
      let product = try await product(client)
      let key = try await secret(client, .shopify, "a secret that Shopify shows")
      let order: JSON = [
        "id": 450789469, "currency": "USD", "processed_at": "2026-02-03T10:00:00-05:00",
        "shipping_address": ["country_code": "US"],
        "line_items": [
          [
            "id": 466157049, "sku": "LAMP", "title": "Lamp", "quantity": 2, "price": "10.00",
            "total_discount": "0.00", "discount_allocations": [["amount": "1.50"]],
          ]
        ],
      ]
      let header = "X-Shopify-Hmac-Sha256"
      #expect(try await shop(client, header, order, key: [1, 2, 3]).status == 401)
      let waiting = try await shop(client, header, order, key: key)
      #expect(waiting["lines"]?[0]?["reason"]?.string == "unknown_product")
      _ = try await client.pool.transaction { tx in
        try await ProductAliases.add("LAMP", of: "store", product: product, by: nil, in: tx)
      }
      #expect(try await ReplaySuspense.run(pool: client.pool).recorded == 1)
      let refund: JSON = [
        "id": 509562969, "order_id": 450789469, "created_at": "2026-02-05T10:00:00-05:00",
        "transactions": [["currency": "USD"]],
        "refund_line_items": [
          [
            "id": 104689539, "quantity": 1, "line_item_id": 466157049, "subtotal": "9.25",
            "line_item": ["sku": "LAMP", "price": "10.00"],
          ]
        ],
      ]
      let back = try await shop(client, header, refund, key: key)
      #expect(back["lines"]?[0]?["outcome"]?.string == "recorded")
      #expect(try await shop(client, header, refund, key: key)["repeated"]?.bool == true)
      let lines = try await client.pool.all(
        """
        SELECT external_id, quantity, discount, coalesce(return_of, territory)
        FROM sale_lines ORDER BY external_id
        """, as: (String, Int64, Int64, String).self)
      #expect(lines.map(\.0) == ["450789469/466157049", "450789469/466157049/refund/104689539"])
      #expect(lines.map(\.1) == [2, -1] && lines.map(\.2) == [1_500_000_000, 750_000_000])
      #expect(lines.map(\.3) == ["US", "450789469/466157049"])
    }
  }

  @Test func `WooCommerce's orders become the same lines as its export`() async throws {
    try await withApplication { client in
      let product = try await product(client)
      let key = try await secret(client, .woocommerce)
      _ = try await client.pool.transaction { tx in
        try await ProductAliases.add("LAMP", of: "store", product: product, by: nil, in: tx)
      }
      func order(_ status: String) -> JSON {
        [
          "id": 501, "status": .string(status), "currency": "EUR",
          "date_created_gmt": "2026-02-06T08:00:00", "date_paid_gmt": .null,
          "billing": ["country": "FR"], "shipping": ["country": ""],
          "line_items": [
            [
              "id": 71, "name": "Lamp", "sku": "LAMP", "quantity": 2, "subtotal": "10.00",
              "total": "9.00",
            ]
          ],
        ]
      }
      let header = "X-WC-Webhook-Signature"
      #expect(try await shop(client, header, ["webhook_id": 3], key: key).status == 200)
      let open = try await shop(client, header, order("pending"), key: key)
      #expect(open.status == 200 && open["lines"]?.array?.isEmpty == true)
      let paid = try await shop(client, header, order("completed"), key: key)
      #expect(paid["lines"]?[0]?["external_id"]?.string == "501/71")
      #expect(paid["lines"]?[0]?["outcome"]?.string == "recorded")
      let back = try await shop(client, header, order("refunded"), key: key)
      let outcomes = back["lines"]?.array?.compactMap { $0["outcome"]?.string }
      #expect(outcomes == ["repeated", "recorded", "recorded"])
      let net = try await client.pool.one(
        "SELECT sum(net)::bigint FROM sale_lines", as: Int64.self)
      #expect(net == 0)
    }
  }

  @Test func `Shopify's unpaid and test orders count nothing, money for no item waits`()
    async throws
  {
    try await withApplication { client in
      let product = try await product(client)
      let key = try await secret(client, .shopify, "a secret that Shopify shows")
      try await name("LAMP", product, client)
      func order(_ more: JSON) -> JSON {
        let base: JSON = [
          "id": 1, "currency": "USD", "processed_at": "2026-02-03T10:00:00-05:00",
          "line_items": [["id": 7, "sku": "LAMP", "quantity": 2, "price": "10.00"]],
        ]
        var fields = base.object ?? JSONObject()
        for (name, value) in more.object ?? JSONObject() { fields[name] = value }
        return .object(fields)
      }
      let header = "X-Shopify-Hmac-Sha256"
      for more: JSON in [["financial_status": "pending"], ["test": true]] {
        let seen = try await shop(client, header, order(more), key: key)
        #expect(seen.status == 200 && seen["lines"]?.array?.isEmpty == true)
      }
      let paid = try await shop(client, header, order(["financial_status": "paid"]), key: key)
      #expect(paid["lines"]?[0]?["outcome"]?.string == "recorded")
      let refund: JSON = [
        "id": 9, "order_id": 1, "created_at": "2026-02-05T10:00:00-05:00",
        "refund_line_items": [],
        "transactions": [["kind": "refund", "amount": "8.00", "currency": "USD"]],
        "order_adjustments": [
          ["kind": "shipping_refund", "amount": "-3.00", "tax_amount": "0.00"]
        ],
      ]
      let back = try await shop(client, header, refund, key: key)
      #expect(back["lines"]?[0]?["reason"]?.string == "unclear_refund")
      let waiting = try #require(try await Suspense.list(in: client.pool).lines.first)
      #expect(waiting.externalID == "1/refund/9" && waiting.line["unit_price"] == "5.00")
    }
  }

  @Test func `WooCommerce's cancelled orders come back, and parts of their money wait`()
    async throws
  {
    try await withApplication { client in
      let product = try await product(client)
      let key = try await secret(client, .woocommerce)
      try await name("LAMP", product, client)
      func order(_ id: Int64, _ status: String, items: Int64 = 1, _ refunds: [JSON] = []) -> JSON {
        [
          "id": .int(id), "status": .string(status), "currency": "EUR",
          "date_created_gmt": "2026-02-06T08:00:00",
          "date_paid_gmt": status == "completed" ? "2026-02-08T08:00:00" : .null,
          "refunds": .array(refunds),
          "line_items": .array(
            (1...items).map { item -> JSON in
              [
                "id": .int(item), "sku": "LAMP", "quantity": 2, "subtotal": "20.00",
                "total": "18.00",
              ]
            }),
        ]
      }
      func send(_ order: JSON) async throws -> [String] {
        let seen = try await shop(client, "X-WC-Webhook-Signature", order, key: key)
        #expect(seen.status == 200)
        return (seen["lines"]?.array ?? []).compactMap { line in
          guard let id = line["external_id"]?.string else { return nil }
          return "\(id) \(line["reason"]?.string ?? line["outcome"]?.string ?? "")"
        }
      }
      // An order that was never counted comes to nothing, and takes nothing back.
      #expect(try await send(order(1, "cancelled")) == [])
      #expect(try await send(order(2, "processing")) == ["2/1 recorded"])
      // The day of its payment makes it no other sale.
      #expect(try await send(order(2, "completed")) == ["2/1 repeated"])
      #expect(
        try await send(order(2, "cancelled"))
          == ["2/1/refund/1 recorded", "2/1/refund/2 recorded"])
      // Of the only item: a unit's money is a unit, other money waits.
      #expect(
        try await send(order(3, "processing", [["id": 5, "total": "-9.00"]]))
          == ["3/1 recorded", "3/1/refund/1 recorded"])
      #expect(
        try await send(
          order(3, "processing", [["id": 5, "total": "-9.00"], ["id": 6, "total": "-1"]]))
          == ["3/1 repeated", "3/1/refund/1 repeated", "3/refund/6 unclear_refund"])
      // All of it goes back: the unit that came back before does not come back twice.
      #expect(
        try await send(order(3, "refunded"))
          == ["3/1 repeated", "3/1/refund/1 repeated", "3/1/refund/2 recorded"])
      #expect(
        try await send(order(4, "processing", items: 2, [["id": 8, "total": "-9.00"]]))
          == ["4/1 recorded", "4/2 recorded", "4/refund/8 unclear_refund"])
      let net = try await client.pool.all(
        """
        SELECT split_part(external_id, '/', 1), sum(net)::bigint FROM sale_lines
        GROUP BY 1 ORDER BY 1
        """, as: (String, Int64).self)
      #expect(net.map(\.1) == [0, 0, 36_000_000_000])
    }
  }

  @Test func `WooCommerce hears that somebody listens, without a signature`() async throws {
    try await withApplication { client in
      func ping() async throws -> Int {
        let body = Array("webhook_id=12".utf8)
        return try await client.send(
          .post, Self.path, bytes: body,
          headers: [("Content-Type", "application/x-www-form-urlencoded")]
        ).status
      }
      _ = try await secret(client, .standard)
      #expect(try await ping() == 401)
      _ = try await secret(client, .woocommerce)
      #expect(try await ping() == 200)
    }
  }
}
