import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct PagesAPITests {
  private func text(_ answer: Client.Answer) -> String {
    String(decoding: answer.bytes, as: UTF8.self)
  }

  @Test func `a product's page says who holds what, and nothing on it runs`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let product = try await story.product(by: ada, curator: bob)
      try await story.contribute(bob, to: product, .naming)
      let page = try await client.get("/products/\(product)")
      #expect(page.status == 200)
      #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
      let policy = page.headers["Content-Security-Policy"] ?? ""
      #expect(policy.hasPrefix("default-src 'none'; style-src 'self';"))
      #expect(!policy.contains("unsafe") && !text(page).contains("<script"))
      #expect(text(page).contains("<strong>Running:</strong>"))
      for part in [">ada</th><td class=\"number\">42 %", ">bob</th><td class=\"number\">2.5 %"] {
        #expect(text(page).contains(part))
      }
      #expect(text(page).contains(">the house</th><td class=\"number\">55.5 %"))

      try await story.propose(product)
      #expect(text(try await client.get("/products/\(product)")).contains("version 1 may be"))
      try await story.lock(product)
      let locked = try await client.get("/products/\(product)")
      let hash = try await client.get("/v1/products/\(product)/influence")["sha256"]?.string
      #expect(text(locked).contains("money moves on version 2"))
      #expect(text(locked).contains("<code>\(hash ?? "none")</code>"))
      let tag = try #require(locked.headers["ETag"])
      let again = try await client.get("/products/\(product)", headers: [("If-None-Match", tag)])
      #expect(again.status == 304)
      #expect(try await client.get("/products/\(ProductID.new())").status == 404)
      #expect(try await client.get("/products/\(product)?page=2").status == 404)
      #expect(try await client.get("/products/\(product)?page=x").pointers == ["/page"])
      #expect(try await client.get("/products/style.css").status == 200)
    }
  }

  @Test func `holders and products are read page by page, the greatest and the newest first`()
    async throws
  {
    try await withApplication { client in
      let story = client.story
      let crowd = try await story.crowd(53)
      var products: [ProductID] = []
      for number in 0..<3 {
        let idea = try await story.idea(by: crowd[0], title: "Thing \(number) <b>")
        products.append(try await story.accept(idea, by: crowd[1]))
      }
      #expect(text(try await client.get("/products")).contains("Thing 2 &lt;b&gt;"))
      let first = text(try await client.get("/products?limit=2"))
      #expect(first.contains("Thing 1") && !first.contains("Thing 0"))
      let link = try #require(first.firstMatch(of: /href="(\/products\?cursor=[^"]+)"/)).output.1
      let second = text(try await client.get(String(link)))
      #expect(second.contains("Thing 0") && !second.contains("Thing 1"))

      for member in crowd { try await story.contribute(member, to: products[0], .research) }
      let top = text(try await client.get("/products/\(products[0])"))
      #expect(top.contains("54 holders") && top.contains("page 1 of 2"))
      let rest = text(try await client.get("/products/\(products[0])?page=2"))
      #expect(rest.contains("page 2 of 2") && rest.contains("the house"))
    }
  }

  @Test func `who wants to be anonymous is, to all but staff and oneself`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let product = try await story.product(by: ada, curator: bob)
      let me = try await client.by(ada)
      #expect(try await me.get("/v1/me/display")["anonymous"]?.bool == false)
      let choice: JSON = ["anonymous": true, "holdings": false, "earnings": false]
      #expect(try await me.put("/v1/me/display", choice)["anonymous"]?.bool == true)
      let wrong: JSON = ["anonymous": true, "holdings": true, "earnings": false]
      #expect(try await me.put("/v1/me/display", wrong).pointers == ["/anonymous"])
      #expect(
        try await me.put("/v1/me/display", ["anonymous": 1]).pointers
          == ["/anonymous", "/holdings", "/earnings"])

      let page = text(try await client.get("/products/\(product)"))
      #expect(page.contains(">a member</th><td class=\"number\">42 %") && !page.contains(">ada<"))
      let path = "/v1/products/\(product)/influence"
      let staff = try await client.by(story.member("finance", role: .finance))
      let other = try await client.by(bob)
      for (reader, sees) in [(client, false), (other, false), (me, true), (staff, true)] {
        let share = try await reader.get(path)["shares"]?.array?
          .first { $0["slice"]?.string == "inventor" }
        #expect(share?["member_id"]?.string == (sees ? ada.description : nil))
        #expect((share?["anonymous"]?.bool ?? false) == !sees)
        let asked = try await reader.get("\(path)?member_id=\(ada)")["shares"]?.array
        #expect(asked?.isEmpty == !sees)
      }
      let recipe: JSON = [
        "unclaimed": "house",
        "slices": [["slice": "inventor", "ppb": 1_000_000_000, "policy": "named"]],
      ]
      for (reader, sees) in [(other, false), (me, true)] {
        let tried = try await reader.post("\(path)/what-if", ["recipe": recipe])
        let ids = tried["holdings"]?.array?.compactMap { $0["member_id"]?.string }
        #expect(ids == (sees ? [ada.description] : []))
      }
      // The list that is kept for everybody follows the choice.
      let named: JSON = ["anonymous": false, "holdings": false, "earnings": false]
      #expect(try await me.put("/v1/me/display", named).status == 200)
      let again = try await client.get(path)["shares"]?.array?.first
      #expect(again?["member_id"]?.string == ada.description)
    }
  }

  @Test func `only those who want to are ranked`() async throws {
    try await withApplication { client in
      let story = client.story
      let crowd = try await story.crowd(3)
      let product = try await story.product(by: crowd[0], curator: crowd[2])
      for member in crowd { try await story.contribute(member, to: product, .naming) }
      try await story.lock(product)
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.settle()
      let choice: JSON = ["anonymous": false, "holdings": true, "earnings": true]
      for member in crowd[..<2] {
        #expect(try await client.by(member).put("/v1/me/display", choice).status == 200)
      }
      let first = try await client.get("/v1/leaderboard?limit=1")
      let entry = try #require(first["entries"]?.array?.first)
      #expect(entry["member_id"]?.string == crowd[0].description)
      #expect(entry["ppb"]?.int == 428_333_334 && entry["products"]?.int == 1)
      let cursor = try #require(first["next_cursor"]?.string)
      let second = try await client.get("/v1/leaderboard?limit=1&cursor=\(cursor)")
      #expect(second["entries"]?.array?.map { $0["member_id"]?.string } == [crowd[1].description])
      #expect(second["next_cursor"]?.isNull == true)

      let earned = try await client.get("/v1/leaderboard?by=earnings&currency=USD")
      let amounts = earned["entries"]?.array?.map { $0["credited"]?.string }
      #expect(amounts == ["12.85000002", "0.24999999"])
      #expect(try await client.get("/v1/leaderboard?by=votes").pointers == ["/by"])
      #expect(try await client.get("/v1/leaderboard?by=earnings").pointers == ["/currency"])
    }
  }
}
