import Coinvent
import JSON
import TestSupport
import Testing

@Suite struct FeesAPITests {
  @Test func `a fee is set, told, due, paid and earned`() async throws {
    try await withApplication { client in
      let curator = try await client.story.member("curator", role: .curator)
      let member = try await client.story.member("ada")
      try await client.story.rich(member, curator: curator)
      let ada = try await client.by(member)
      let finance = try await client.by(client.story.member("finance", role: .finance))
      #expect(try await client.get("/v1/fee")["amount"]?.string == "0")
      let set = try await finance.put("/v1/fee", ["amount": "10.00", "currency": "USD"])
      #expect(set.status == 200 && set["amount"]?.string == "10.00")
      let later = try await finance.put(
        "/v1/fee",
        ["amount": "12", "currency": "USD", "effective_from": "2099-01-01T00:00:00Z"])
      #expect(later["amount"]?.string == "10.00")
      #expect(later["coming"]?[0]?["amount"]?.string == "12.00")
      let faults = try await finance.put("/v1/fee", ["amount": "1.001", "currency": "USD"])
      #expect(faults.pointers == ["/amount"])
      #expect(
        try await finance.put("/v1/fee", ["amount": "x", "currency": "USX"]).pointers
          == ["/currency"])

      let made = try await ada.post("/v1/ideas", IdeasAPITests.cable)
      #expect(made["state"]?.string == "submitted" && made["waits_for"] == ["fee"])
      #expect(made["fee"]?["amount"]?.string == "10.00")
      let path = "/v1/ideas/\(try #require(made["id"]?.string))"
      #expect(try await ada.get("\(path)/fee")["state"]?.string == "due")
      let bob = try await client.by(client.story.member("bob"))
      #expect(try await bob.get("\(path)/fee").status == 404)
      #expect(try await bob.post("\(path)/fee/payment", ["from": "balance"]).status == 404)
      let outside: JSON = ["source": "bank", "external_id": "1"]
      #expect(try await ada.post("\(path)/fee/payment", outside).problem == "forbidden")
      #expect(
        try await ada.post("\(path)/fee/payment").pointers == ["/source", "/external_id"])
      let moved = try await client.by(curator).post(
        "\(path)/moves", ["to": "open", "reason": "It is time."])
      #expect(moved.problem == "fee-due")

      for _ in 0..<2 {
        let paid = try await ada.post("\(path)/fee/payment", ["from": "balance"], key: "once")
        #expect(paid.status == 200 && paid["state"]?.string == "earned")
        #expect(paid["events"]?.array?.count == 3)
      }
      #expect(try await client.get(path)["state"]?.string == "open")
      #expect(try await finance.post("\(path)/fee/payment", outside).problem == "paid-already")
      let earnings = try await ada.get("/v1/members/\(member)/earnings")
      #expect(earnings["currencies"]?[0]?["fees"]?.string == "10.00")
      #expect(earnings["currencies"]?[0]?["payable"]?.string == "2.60")
      try await client.story.verify()
    }
  }

  @Test func `fees are paid outside or waived, and every no has its name`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let curator = try await client.by(client.story.member("curator", role: .curator))
      let member = try await client.story.member("finance", role: .finance)
      let finance = try await client.by(member)
      try await client.story.fee("10.00", by: member)
      var paths: [String] = []
      for _ in 0..<3 {
        let made = try await ada.post("/v1/ideas", IdeasAPITests.cable)
        paths.append("/v1/ideas/\(try #require(made["id"]?.string))")
      }
      let poor = try await ada.post("\(paths[0])/fee/payment", ["from": "balance"])
      #expect(poor.status == 409 && poor.problem == "balance-too-small")
      let receipt: JSON = ["source": "bank", "external_id": "1"]
      for _ in 0..<2 {
        let paid = try await finance.post("\(paths[0])/fee/payment", receipt)
        #expect(paid.status == 200 && paid["paid_from"]?.string == "outside")
      }
      #expect(
        try await finance.post("\(paths[1])/fee/payment", receipt).problem == "other-receipt")
      let waived = try await curator.post("\(paths[1])/fee/waiver", ["reason": "A good cause."])
      #expect(waived["state"]?.string == "waived")
      #expect(
        try await curator.post("\(paths[1])/fee/waiver", ["reason": "Again."]).problem
          == "nothing-due")
      #expect(
        try await finance.post("\(paths[1])/fee/payment", ["source": "b", "external_id": "2"])
          .problem == "nothing-due")
      let free = try await client.story.member("free")
      try await client.story.fee("0", by: member)
      let idea = try await client.story.idea(by: free)
      #expect(try await finance.get("/v1/ideas/\(idea)/fee")["state"]?.string == "none")
      #expect(
        try await ada.post("/v1/ideas/\(idea)/fee/payment", ["from": "balance"]).problem
          == "not-author")
      let gone = try await ada.post("\(paths[2])/withdrawal", ["reason": "I keep it."])
      #expect(gone.status == 200)
      #expect(try await ada.get("\(paths[2])/fee")["state"]?.string == "void")
    }
  }
}
