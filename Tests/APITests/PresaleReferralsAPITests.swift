import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct PresaleReferralsAPITests {
  @Test func `who brought a buyer gets the stated part of the pool, and nobody refers themselves`()
    async throws
  {
    try await withApplication { client in
      let story = client.story
      let boss = try await story.member("boss", role: .admin)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let product = try await story.product(
        by: ada, curator: boss,
        contract: ContractTerms(base: .net, rates: [("direct", 300_000)], referral: 100_000))
      let path = "/v1/products/\(product)"
      let adas = try await client.by(ada)
      #expect(try await adas.get(path + "/referrals")["referrals"]?.array?.isEmpty == true)
      let made = try await adas.post(path + "/referrals")
      #expect(made.status == 201)
      #expect(try await adas.post(path + "/referrals").status == 200)
      let code = try #require(made["code"]?.string)
      #expect(made["url"]?.string?.hasSuffix("/products/\(product)?ref=\(code)") == true)
      let none = "/v1/products/\(ProductID.new())/referrals"
      #expect(try await adas.post(none).status == 404)
      let contracts = try await client.get(path)["contracts"]?.array
      #expect(contracts?.first?["referral_ppm"]?.int == 100_000)

      try await story.presale(of: product, target: 4, by: boss)
      func commit(_ who: MemberID, _ code: String) async throws -> Client.Answer {
        try await client.by(who).post(
          path + "/commitments",
          ["units": 4, "method": "pm_visa", "referral": .string(code)])
      }
      #expect(try await commit(ada, code).pointers == ["/referral"])
      #expect(try await commit(bob, "nobody").pointers == ["/referral"])
      let commitment = try await commit(bob, code)
      #expect(commitment.status == 201 && commitment["referral"]?.string == code)
      let place = try #require(commitment.headers["Location"])
      let finance = try await client.by(boss)
      _ = try await finance.post(path + "/presale/production", ["reason": "Now."])
      let now = Timestamp.now + .seconds(1)
      let leases = CommitmentLeases(worker: .v7())
      let claim = try #require(try await leases.claim(limit: 1, now: now, in: client.pool).first)
      try await client.pool.transaction {
        _ = try await BeginCharge.run(claim, now: now, in: $0)
      }
      let paid = try await finance.post(
        place + "/outcome", ["outcome": "captured", "reason": "It is in the list."])
      #expect(paid["state"]?.string == "captured")
      let sales = try await finance.post(
        "/v1/sales",
        [
          "source": "shop",
          "lines": [
            [
              "external_id": "1", "product_id": .string("\(product)"), "channel": "direct",
              "quantity": 1, "unit_price": "10", "currency": "USD",
              "sold_at": "2026-01-31", "referral": .string(code),
            ]
          ],
        ])
      #expect(sales["lines"]?[0]?["outcome"]?.string == "recorded")
      try await story.lock(product)
      try await story.settle()
      // The pool is 33; a tenth is Ada's as a referrer.
      #expect(try await story.pools(product) == "33.00")
      let earned = try await adas.get("/v1/members/\(ada)/earnings")
      #expect(earned["products"]?[0]?["referred"]?.string == "3.30")
      let own = try await adas.get(path + "/referrals")["referrals"]?[0]
      #expect(own?["units"]?.int == 4 && own?["credited"]?[0]?["amount"]?.string == "3.30")
      try await story.verify()
    }
  }
}
