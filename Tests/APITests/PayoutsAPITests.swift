import Coinvent
import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import API

@Suite struct PayoutsAPITests {
  private func credit(_ member: MemberID, _ amount: String, _ client: Client) async throws {
    let usd = try #require(Currency("USD"))
    let transfer = Transfer(
      home: member.uuid, cause: UUID.v7(), reason: .deliver,
      from: Account(.clearing, owner: member.uuid, currency: usd),
      to: Account(.memberPayable, owner: member.uuid, currency: usd),
      amount: try Amount(decimal: amount, currency: usd), at: .now)
    _ = try await client.pool.transaction { try await Post.post(transfer, in: $0) }
  }

  @Test func `a member asks for a part and for the rest, and sees both`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      try await credit(ada, "45.678", client)
      let me = try await client.by(ada)
      let part = try await me.post(
        "/v1/payouts", ["amount": ["amount": "20.00", "currency": "USD"]], key: "a")
      #expect(part.status == 201)
      #expect(part["state"]?.string == "requested")
      #expect(part["amount"]?["amount"]?.string == "20.00")
      let again = try await me.post(
        "/v1/payouts", ["amount": ["amount": "20.00", "currency": "USD"]], key: "a")
      #expect(again["id"] == part["id"])
      let rest = try await me.post("/v1/payouts", ["currency": "USD"])
      #expect(rest["amount"]?["amount"]?.string == "25.67")
      let list = try await me.get("/v1/payouts?limit=1")
      #expect(list["payouts"]?.array?.map { $0["id"] } == [rest["id"]])
      let cursor = try #require(list["next_cursor"]?.string)
      let second = try await me.get("/v1/payouts?limit=1&cursor=\(cursor)")
      #expect(second["payouts"]?[0]?["id"] == part["id"])
      let one = try await me.get(try #require(part.headers["Location"]))
      #expect(one["events"]?[0]?["state"]?.string == "requested")
    }
  }

  @Test func `what cannot be paid is refused and says why`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      try await credit(ada, "45.67", client)
      let me = try await client.by(ada)
      func ask(_ amount: String) async throws -> Client.Answer {
        try await me.post(
          "/v1/payouts", ["amount": ["amount": .string(amount), "currency": "USD"]])
      }
      #expect(try await ask("45.68").problem == "more-than-payable")
      #expect(try await ask("9.99").problem == "below-minimum")
      #expect(try await ask("10.005").pointers == ["/amount/amount"])
      #expect(try await ask("-20").problem == "below-minimum")
      #expect(try await ask("lots").pointers == ["/amount/amount"])
      #expect(try await me.post("/v1/payouts", ["currency": "XXX"]).pointers == ["/currency"])
      #expect(try await me.post("/v1/payouts", [:]).pointers == ["/currency"])
      #expect(try await me.post("/v1/payouts", ["currency": "EUR"]).status == 409)
      #expect(try await me.get("/v1/payouts?state=lost").pointers == ["/state"])
    }
  }

  @Test func `others see nothing, finance sees all`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      try await credit(ada, "50.00", client)
      let hers = try await client.by(ada).post("/v1/payouts", ["currency": "USD"])
      let path = try #require(hers.headers["Location"])
      let bob = try await client.by(client.story.member("bob"))
      #expect(try await bob.get(path).status == 404)
      #expect(try await bob.get("/v1/payouts")["payouts"]?.array?.isEmpty == true)
      #expect(try await bob.get("/v1/payouts?member=\(ada)").status == 403)
      let forAda: JSON = ["currency": "USD", "member_id": .string(ada.description)]
      #expect(try await bob.post("/v1/payouts", forAda).status == 403)
      let finance = try await client.by(client.story.member("fin", role: .finance))
      #expect(try await finance.get(path).status == 200)
      #expect(try await finance.get("/v1/payouts")["payouts"]?.array?.count == 1)
      try await credit(ada, "11.00", client)
      #expect(try await finance.post("/v1/payouts", forAda).status == 201)
    }
  }
}
