import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct GroupsAPITests {
  @Test func `votes are weighed by groups beside their count, and later changes act forwards`()
    async throws
  {
    try await withApplication { client in
      let boss = try await client.by(client.story.member("boss", role: .admin))
      let crowd = try await client.story.crowd(5)
      let idea = try await client.story.idea(by: crowd[0])
      for voter in crowd[1...3] { try await client.story.vote(voter, for: idea) }
      let path = "/v1/ideas/\(idea)/tally"
      func weighted() async throws -> String? {
        let tally = try await client.get(path)
        #expect(tally["votes"]?.int == 3 && tally["votes_on_behalf"]?.int == 0)
        return tally["weighted_votes"]?.string
      }
      #expect(try await weighted() == "3.000")
      func weigh(_ group: String, _ weight: Int64) async throws -> Int {
        try await boss.put(
          "/v1/groups/\(group)", ["weight": .int(weight), "reason": "They know."]
        ).status
      }
      #expect(try await weigh("experts", 2500) == 200)
      #expect(try await weigh("guests", 1) == 200)
      func put(_ member: MemberID, _ group: String) async throws -> Int {
        try await boss.put("/v1/groups/\(group)/members/\(member)").status
      }
      for _ in 0..<2 { #expect(try await put(crowd[1], "experts") == 200) }
      // Who is in two groups votes with the greater weight; who has not voted adds nothing.
      #expect(try await put(crowd[1], "guests") == 200)
      #expect(try await put(crowd[2], "guests") == 200)
      #expect(try await put(crowd[4], "experts") == 200)
      #expect(try await weighted() == "3.501")
      let groups = try await client.get("/v1/groups")["groups"]?.array
      #expect(groups?.map { $0["members"]?.int } == [2, 2])
      let members = try await boss.get("/v1/groups/experts/members")["members"]?.array
      #expect(members?.count == 2)

      try await client.story.decide(.decline, idea, by: crowd[0])
      #expect(try await weigh("experts", 10_000) == 200)
      for _ in 0..<2 {
        #expect(try await boss.delete("/v1/groups/guests/members/\(crowd[2])").status == 200)
      }
      #expect(try await weighted() == "3.501")
      let other = try await client.story.idea(by: crowd[0])
      for voter in crowd[1...3] { try await client.story.vote(voter, for: other) }
      let now = try await client.get("/v1/ideas/\(other)/tally")
      #expect(now["weighted_votes"]?.string == "12.000")
    }
  }

  @Test func `what cannot be is refused by name`() async throws {
    try await withApplication { client in
      let boss = try await client.by(client.story.member("boss", role: .admin))
      let ada = try await client.story.member("ada")
      let wrong = try await boss.put("/v1/groups/experts", ["weight": 100_001, "reason": ""])
      #expect(wrong.pointers == ["/weight", "/reason"])
      let body: JSON = ["weight": 1000, "reason": "As all."]
      #expect(try await boss.put("/v1/groups/Experts", body).status == 404)
      #expect(try await boss.put("/v1/groups/experts/members/\(ada)").status == 404)
      #expect(try await boss.put("/v1/groups/experts", body).status == 200)
      #expect(try await boss.put("/v1/groups/experts/members/\(MemberID.new())").status == 404)
      #expect(try await client.by(ada).put("/v1/groups/experts", body).status == 403)
      let draft = try await client.story.draft(by: ada)
      #expect(try await client.get("/v1/ideas/\(draft)/tally").status == 404)
    }
  }
}
