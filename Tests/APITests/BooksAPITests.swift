import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct BooksAPITests {
  @Test func `members see what is owed and set aside, finance the books`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let own = try await client.by(ada)
      let money = try await client.by(story.member("money", role: .finance))
      let product = try await story.shared(by: ada, with: [curator], curator: curator)
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.settle()

      let put: JSON = ["currency": "USD", "amount": "10.00", "reference": "2026-01/1"]
      #expect(try await money.post("/v1/books/deposits", put).status == 201)
      #expect(try await money.post("/v1/books/deposits", put).status == 200)
      let other: JSON = ["currency": "USD", "amount": "-1.00", "reference": "2026-01/1"]
      #expect(try await money.post("/v1/books/deposits", other).problem == "reference-taken")
      let bad = try await money.post(
        "/v1/books/deposits", ["currency": "USD", "amount": "0", "reference": ""])
      #expect(bad.pointers == ["/reference", "/amount"], "\(bad.pointers)")
      let worse = try await money.post(
        "/v1/books/deposits", ["currency": "X", "amount": "x", "reference": "x"])
      #expect(worse.pointers == ["/currency"])

      let solvency = try await own.get("/v1/solvency?by=day&currency=USD")
      let line = solvency["currencies"]?[0]
      #expect(line?["set_aside"]?.string == "10.000000000")
      #expect(line?["payable"]?.string == line?["owed"]?.string)
      #expect(line?["series"]?.array?.count == 365)
      #expect(
        try await own.get("/v1/solvency?by=x&currency=x&since=x&until=x").pointers
          == ["/currency", "/since", "/until", "/by"])
      #expect(try await own.get("/v1/solvency?since=1990-01-01").pointers == ["/since"])
      let page = try await client.get("/solvency")
      let text = String(decoding: page.bytes, as: UTF8.self)
      #expect(page.status == 200 && text.contains("are missing") && text.contains("<svg"))

      let trial = try await money.get("/v1/books/trial-balance")
      #expect(trial["balances"]?.array?.contains { $0["kind"]?.string == "bank" } == true)
      #expect(try await money.get("/v1/books/trial-balance?at=x").pointers == ["/at"])
      let past = try await money.get("/v1/books/trial-balance?at=2001-01-01")
      #expect(past["balances"]?.array?.isEmpty == true)
      let balance = try await money.get("/v1/books/balance?account=member_payable:\(ada)")
      #expect(balance["balances"]?[0]?["amount"]?.string == "12.600000000")
      #expect(try await money.get("/v1/books/balance").pointers == ["/account"])
    }
  }

  @Test func `statements of the bank are kept, and compared by its own days`() async throws {
    try await withApplication { client in
      let money = try await client.by(client.story.member("money", role: .finance))
      let put: JSON = ["currency": "USD", "amount": "10.00", "reference": "2026-01/1"]
      #expect(try await money.post("/v1/books/deposits", put).status == 201)
      let said: JSON = [
        "account": "bank", "currency": "USD", "date": "2001-01-31", "amount": "1.00",
        "reference": "jan",
      ]
      #expect(try await money.post("/v1/books/assertions", said).status == 201)
      #expect(try await money.post("/v1/books/assertions", said).status == 200)
      var changed = try #require(said.object)
      changed["amount"] = "2.00"
      let taken = try await money.post("/v1/books/assertions", .object(changed))
      #expect(taken.problem == "reference-taken")
      changed["date"] = "2999-01-31"
      let early = try await money.post("/v1/books/assertions", .object(changed))
      #expect(early.pointers == ["/date"])
      let none = try await money.post(
        "/v1/books/assertions",
        ["account": "house", "currency": "USD", "date": "x", "amount": "x", "reference": "x"])
      #expect(Set(none.pointers) == ["/account", "/date", "/amount"])
      let booked: JSON = ["movement": "2026-01/1", "currency": "USD", "date": "2001-01-31"]
      #expect(try await money.post("/v1/books/bank-days", booked).status == 201)
      #expect(try await money.post("/v1/books/bank-days", booked).status == 200)
      let unknown: JSON = ["movement": "2026-01/1", "currency": "EUR", "date": "2001-01-31"]
      #expect(try await money.post("/v1/books/bank-days", unknown).status == 404)
      let vague = try await money.post("/v1/books/bank-days", ["movement": "x", "date": "x"])
      #expect(Set(vague.pointers) == ["/movement", "/date"])
      let future: JSON = ["movement": "2026-01/1", "currency": "USD", "date": "2999-01-31"]
      #expect(try await money.post("/v1/books/bank-days", future).pointers == ["/date"])
      let list = try await money.get("/v1/books/assertions")
      #expect(list["assertions"]?[0]?["by_bank_days"]?.string == "10.000000000")
      #expect(list["assertions"]?[0]?["difference"]?.string == "-9.000000000")
    }
  }
}
