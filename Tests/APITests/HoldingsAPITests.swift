import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct HoldingsAPITests {
  private func id(_ member: MemberID) -> JSON { .string(member.description) }

  @Test func `a part of a share is offered, accepted and refused`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let product = try await story.product(by: ada, curator: bob)
      let (giver, taker) = (try await client.by(ada), try await client.by(bob))
      let path = "/v1/products/\(product)/assignments"
      let offered = try await giver.post(
        path, ["to": id(bob), "ppm": 400_000, "message": "Thank you."])
      #expect(offered.status == 201 && offered["state"]?.string == "open")
      let one = try #require(offered["id"]?.string)
      let second = try #require(
        try await giver.post(path, ["to": id(bob), "ppm": 600_000])["id"]?.string)
      let more = try await giver.post(path, ["to": id(bob), "ppm": 1])
      #expect(more.problem == "more-than-all")
      #expect(try await taker.post("\(path)/\(one)/acceptance")["state"]?.string == "accepted")
      #expect(try await giver.post("\(path)/\(second)/refusal")["state"]?.string == "withdrawn")
      #expect(try await taker.post("\(path)/\(second)/acceptance").problem == "offer-ended")
      #expect(try await giver.post("\(path)/\(one)/acceptance").status == 404)
      let mine = try await taker.get("/v1/me/assignments?limit=1")
      #expect(mine["assignments"]?.array?.map { $0["id"]?.string } == [second])
      #expect(mine["next_cursor"]?.string != nil)

      #expect(try await giver.post(path, ["to": id(ada), "ppm": 1]).problem == "to-oneself")
      let nobody = try await giver.post(path, ["to": id(MemberID.new()), "ppm": 1])
      #expect(nobody.pointers == ["/to"])
      #expect(
        try await giver.post(path, ["to": id(bob), "ppm": 0, "message": 1]).pointers
          == ["/ppm", "/message"])
      let dora = try await client.by(story.member("dora"))
      #expect(try await dora.post(path, ["to": id(bob), "ppm": 1]).problem == "holds-nothing")
      let unknown = "/v1/products/\(ProductID.new())/assignments"
      #expect(try await giver.post(unknown, ["to": id(bob), "ppm": 1]).status == 404)
    }
  }

  @Test func `two accounts are merged by both and undone by one and a curator`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let old = try await story.member("ada_old")
      let boss = try await client.by(story.member("curator", role: .curator))
      let (new, former) = (try await client.by(ada), try await client.by(old))
      let body: JSON = ["from": id(old), "to": id(ada), "reason": "Both are me."]
      #expect(try await boss.post("/v1/me/merges", body).problem == "not-your-account")
      let asked = try await former.post("/v1/me/merges", body)
      #expect(asked.status == 201 && asked["state"]?.string == "asked")
      let one = try #require(asked["id"]?.string)
      let path = "/v1/me/merges/\(one)"
      #expect(try await boss.post("\(path)/confirmation").status == 404)
      #expect(try await boss.get("/v1/merges")["merges"]?.array?.count == 0)
      let early = try await boss.post("/v1/merges/\(one)/end", ["reason": "No."])
      #expect(early.problem == "undo-not-asked")
      #expect(try await new.post("/v1/me/merges", body)["state"]?.string == "merged")
      #expect(try await new.post("\(path)/confirmation")["state"]?.string == "merged")
      let back: JSON = ["from": id(ada), "to": id(old), "reason": "Round and round."]
      #expect(try await new.post("/v1/me/merges", back).problem == "merge-in-a-circle")
      let own: JSON = ["from": id(ada), "to": id(ada), "reason": "I am I."]
      #expect(try await new.post("/v1/me/merges", own).problem == "one-account")
      let wish = try await new.post("\(path)/end", ["reason": "We are two."])
      #expect(wish["state"]?.string == "merged" && wish["undo_asked"]?.bool == true)
      #expect(try await boss.get("/v1/merges")["merges"]?.array?.count == 1)
      let ended = try await boss.post("/v1/merges/\(one)/end", ["reason": "They are."])
      #expect(ended["state"]?.string == "ended")
      #expect(try await new.post("\(path)/confirmation").problem == "merge-ended")
      #expect(try await new.post("\(path)/end", ["reason": ""]).pointers == ["/reason"])
      #expect(try await new.get("/v1/me/merges")["merges"]?.array?.count == 1)
    }
  }

  @Test func `the community says what becomes of leavers, and heirs take what the dead held`()
    async throws
  {
    try await withApplication { client in
      let story = client.story
      let boss = try await client.by(story.member("boss", role: .admin))
      #expect(try await client.get("/v1/leaver-rule")["rule"]?.string == "keep")
      let rule: JSON = ["rule": "house", "reason": "So we agreed."]
      #expect(try await boss.put("/v1/leaver-rule", rule)["rule"]?.string == "house")
      #expect(try await client.get("/v1/leaver-rule")["rule"]?.string == "house")
      #expect(
        try await boss.put("/v1/leaver-rule", ["rule": "x", "reason": ""]).pointers
          == ["/rule", "/reason"])

      let member: JSON = [
        "handle": "ada", "display_name": "Ada", "email": "ada@example.org",
        "password": "a long walk in the rain",
      ]
      let ada = try #require(try await client.post("/v1/members", member)["id"]?.string)
      let login: JSON = ["login": "ada", "password": "a long walk in the rain"]
      #expect(try await client.post("/v1/sessions", login).status == 201)
      let bob = try await story.member("bob")
      let heir = try await client.by(bob)
      let path = "/v1/members/\(ada)/death"
      let death: JSON = ["heir_id": id(bob), "evidence": "A certificate"]
      #expect(try await boss.put(path, death)["state"]?.string == "recorded")
      #expect(try await client.post("/v1/sessions", login).status == 401)
      let mine = try await heir.get("/v1/me/inheritances")["inheritances"]?.array
      #expect(mine?.map { $0["member_id"]?.string } == [ada])
      #expect(try await heir.post("/v1/me/inheritances/\(ada)/refusal").status == 200)
      let late = try await heir.post("/v1/me/inheritances/\(ada)/acceptance")
      #expect(late.problem == "inheritance-ended")
      #expect(try await boss.delete("\(path)?reason=Alive")["state"]?.string == "taken_back")
      #expect(try await client.post("/v1/sessions", login).status == 201)

      #expect(try await boss.put(path, death)["state"]?.string == "recorded")
      let other: JSON = ["heir_id": id(try await story.member("dora")), "evidence": "Another"]
      #expect(try await boss.put(path, other).problem == "heir-named")
      #expect(try await heir.post("/v1/me/inheritances/\(ada)/acceptance").status == 200)
      #expect(try await boss.delete("\(path)?reason=x").problem == "inheritance-accepted")
      let unknown: JSON = ["heir_id": id(MemberID.new()), "evidence": ""]
      #expect(try await boss.put(path, unknown).pointers == ["/evidence"])
      let nobody: JSON = ["heir_id": id(MemberID.new()), "evidence": "x"]
      #expect(try await boss.put("/v1/members/\(bob)/death", nobody).pointers == ["/heir_id"])
      #expect(try await boss.delete("/v1/members/\(bob)/death?reason=x").status == 404)
      let stranger = try await boss.post("/v1/me/inheritances/\(ada)/acceptance")
      #expect(stranger.status == 404)
    }
  }
}
