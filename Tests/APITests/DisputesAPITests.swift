import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct DisputesAPITests {
  @Test func `a dispute is read by those it concerns and by nobody else, and everybody is told`()
    async throws
  {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let cleo = try await story.member("cleo")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      try await story.contribute(bob, to: product, .naming)
      try await story.propose(product)
      let path = "/v1/products/\(product)/disputes"
      let claims = try await client.by(cleo)
      let body: JSON = [
        "version": 1, "text": "The name was mine.", "evidence": ["https://example.org/mail"],
      ]
      let opened = try await claims.post(path, body)
      #expect(opened.status == 201 && opened["state"]?.string == "open")
      let one = try #require(opened.headers["Location"])
      #expect(try await claims.post(path, body).problem == "dispute-open")

      let stranger = try await client.by(story.member("dora"))
      #expect(try await stranger.get(path).problem == "not-a-holder")
      #expect(try await stranger.get(one).status == 404)
      // Who only claims to hold something reads that dispute, and no others.
      #expect(try await claims.get(one).status == 200)
      #expect(try await claims.get(path).problem == "not-a-holder")
      for member in [ada, bob, curator] {
        let listed = try await client.by(member).get(path)["disputes"]?.array
        #expect(listed?.map { $0["evidence"]?.array?.count } == [1])
        #expect(try await client.by(member).get(one)["text"]?.string == "The name was mine.")
      }

      let boss = try await client.by(curator)
      let lock = try await boss.post("/v1/products/\(product)/shares/lock")
      #expect(lock.problem == "dispute-window-open")
      try await client.pool.execute("UPDATE share_versions SET dispute_until = proposed_at")
      #expect(
        try await boss.post("/v1/products/\(product)/shares/lock").problem == "dispute-open")
      let answer: JSON = [
        "outcome": "upheld", "reason": "The mail is older.", "changes": "The name is Cleo's.",
      ]
      for _ in 0..<2 {
        let answered = try await boss.post(one + "/answer", answer)
        #expect(answered.status == 200 && answered["state"]?.string == "upheld")
      }
      #expect(
        try await boss.post("/v1/products/\(product)/shares/lock").problem == "dispute-upheld")
      let late = try await claims.post(one + "/withdrawal", ["reason": "Never mind."])
      #expect(late.problem == "dispute-ended")
      #expect(try await client.by(bob).get(one)["end"]?["by"]?.string == curator.description)

      while try await !HandOutNotices.run(isMailing: false, in: client.pool).didNothing {}
      func told(_ member: MemberID) async throws -> [String?] {
        try await client.by(member).get("/v1/me/notifications")["notifications"]?.array?
          .filter { $0["kind"]?.string == "dispute" }.map { $0["detail"]?.string }.reversed() ?? []
      }
      let result = "upheld, The mail is older."
      #expect(try await told(ada) == ["the shares are disputed", result])
      #expect(try await told(cleo) == [result])
      #expect(try await told(curator) == ["the shares are disputed"])
      #expect(try await told(bob) == [])
    }
  }

  @Test func `what is wrong is named, field by field`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      let me = try await client.by(ada)
      let path = "/v1/products/\(product)/disputes"
      let empty = try await me.post(path, ["version": 0, "text": " ", "evidence": [""]])
      #expect(empty.pointers == ["/version", "/text", "/evidence/0"])
      #expect(try await me.post(path, ["version": 1, "text": "No."]).problem == "nothing-proposed")
      try await story.propose(product)
      #expect(try await me.post(path, ["version": 2, "text": "No."]).problem == "other-version")
      let unknown = "/v1/products/\(ProductID.new())/disputes"
      #expect(try await me.post(unknown, ["version": 1, "text": "No."]).status == 404)
      #expect(try await me.get(unknown).status == 404)
      try await client.pool.execute("UPDATE share_versions SET dispute_until = proposed_at")
      let late = try await me.post(path, ["version": 1, "text": "No."])
      #expect(late.problem == "dispute-window-closed")

      try await story.propose(product)
      let own = try await client.by(curator).post(path, ["version": 2, "text": "No."])
      let one = try #require(own.headers["Location"])
      let boss = try await client.by(curator)
      let answers = one + "/answer"
      let rejected = try await boss.post(answers, ["outcome": "rejected", "reason": "No."])
      #expect(rejected.problem == "own-dispute")
      let wrong = try await boss.post(answers, ["outcome": "upheld", "reason": ""])
      #expect(wrong.pointers == ["/changes", "/reason"])
      let more = try await boss.post(
        answers, ["outcome": "rejected", "reason": "No.", "changes": "All."])
      #expect(more.pointers == ["/changes"])
      let another = try await me.post(one + "/withdrawal", ["reason": "No."])
      #expect(another.status == 404)
      #expect(try await boss.post(one + "/withdrawal", ["reason": "No."]).status == 200)
    }
  }

  @Test func `a curator takes a contribution back and says why`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let boss = try await client.by(story.member("curator", role: .curator))
      let product = try await story.product(by: ada, curator: ada)
      let path = "/v1/products/\(product)/contributions"
      let made = try await boss.post(
        path, ["member_id": .string(ada.description), "slice": "naming"])
      let id = try #require(made["id"]?.string)
      #expect(try await boss.post("\(path)/\(id)/revoke", ["reason": " "]).pointers == ["/reason"])
      let revoked = try await boss.post("\(path)/\(id)/revoke", ["reason": "A mix-up."])
      #expect(revoked.status == 201 && revoked["revokes"]?.string == id)
      let again = try await boss.post("\(path)/\(id)/revoke", ["reason": "A mix-up."])
      #expect(again.status == 200 && again["id"]?.string == revoked["id"]?.string)
      let event = try #require(revoked["id"]?.string)
      let back = try await boss.post("\(path)/\(event)/revoke", ["reason": "A mix-up."])
      #expect(back.problem == "is-revocation")
      let none = try await boss.post(
        "\(path)/\(ContributionID.new())/revoke", ["reason": "A mix-up."])
      #expect(none.status == 404)
      let shares = try await client.get("/v1/products/\(product)/influence")["shares"]?.array
      #expect(shares?.contains { $0["slice"]?.string == "naming" } == false)
    }
  }
}
