import Coinvent
import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import API

@Suite struct TraceAPITests {
  @Test func `a member walks from a vote to a payout and back`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let curator = try await story.member("curator", role: .curator)
      let finance = try await story.member("fin", role: .finance)
      let product = try await story.product(by: ada, curator: curator)
      try await story.lock(product)
      try await story.sell([try Story.line("1", product, quantity: 10, price: "10.00")])
      try await story.settle()
      let me = try await client.by(ada)
      let payout = try await me.post(
        "/v1/payouts", ["amount": ["amount": "11.00", "currency": "USD"]])
      let id = try #require(payout["id"]?.string)

      let back = try await me.get("/v1/payouts/\(id)/trace")
      #expect(back.status == 200)
      #expect(back["parts"]?[0]?["amount"]?.string == "11.00")
      let credit = back["parts"]?[0]?["credit"]
      #expect(credit?["product_id"]?.string == product.description)
      #expect(credit?["lines"]?[0]?["earned"]?.string == "30.00")
      #expect(credit?["sales"]?[0]?["external_id"]?.string == "1")

      let forth = try await me.get("/v1/products/\(product)/trace")
      #expect(forth["credits"]?[0]?["went_to"]?[0]?["payout_id"]?.string == id)
      #expect(forth["share"]?["events"]?.array?.isEmpty == false)
      let left = forth["credits"]?[0]?["in_balance"]?.string
      let amount = credit?["amount"]?.string
      #expect(
        try Amount.nanos(decimal: left ?? "") + 11_000_000_000
          == Amount.nanos(decimal: amount ?? ""))

      let other = try await client.by(bob)
      #expect(try await other.get("/v1/payouts/\(id)/trace").status == 404)
      #expect(try await other.get("/v1/products/\(product)/trace?member_id=\(ada)").status == 403)
      #expect(try await other.get("/v1/products/\(product)/trace").status == 200)
      let money = try await client.by(finance)
      #expect(try await money.get("/v1/payouts/\(id)/trace")["parts"] == back["parts"])
      let seen = try await money.get("/v1/products/\(product)/trace?member_id=\(ada)")
      #expect(seen["credits"] == forth["credits"])
      #expect(try await me.get("/v1/products/\(product)/trace?version=9").status == 404)
      let wrong = try await me.get("/v1/products/\(product)/trace?version=x&member_id=y")
      #expect(wrong.pointers == ["/member_id", "/version"])
      let nobody = ProductID(uuid: UUID.v7())
      #expect(try await me.get("/v1/products/\(nobody)/trace").status == 404)
    }
  }
}
