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
}
