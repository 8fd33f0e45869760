import API
import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct InfluenceAPITests {
  private let votesOnly: JSON = [
    "slices": [["slice": "idea_votes", "ppb": 1_000_000_000, "policy": "equal"]],
    "unclaimed": "house",
  ]

  @Test func `a share is explained to its member and the staff, to nobody else`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let bob = try await client.story.member("bob")
      let curator = try await client.story.member("curator", role: .curator)
      let product = try await client.story.product(by: ada, curator: curator)
      for _ in 0..<3 { try await client.story.contribute(bob, to: product, .naming, weight: 2) }
      let path = "/v1/products/\(product)/influence/explain"
      let mine = try await client.by(bob).get(path)
      #expect(mine.status == 200 && mine["ppb"]?.int == 25_000_000)
      #expect(mine["version"] == .null && mine["state"]?.string == "running")
      let part = try #require(mine["parts"]?.array?.first)
      #expect(part["part"]?.string == "naming/entry" && part["weight"]?.string == "6")
      #expect(part["rule"]?.string == "proportion" && part["members"]?.int == 1)
      #expect(mine["event_count"]?.int == 3)
      #expect(mine["events"]?.array?.map { $0["evidence"]?.string } == ["entry", "entry", "entry"])
      let page = try await client.by(bob).get("\(path)?limit=2")
      let cursor = try #require(page["next_cursor"]?.string)
      let rest = try await client.by(bob).get("\(path)?limit=2&cursor=\(cursor)")
      #expect(rest["events"]?.array?.count == 1 && rest["next_cursor"] == .null)
      #expect(rest["parts"] == mine["parts"])

      #expect(try await client.by(ada).get("\(path)?member_id=\(bob)").status == 403)
      for role in Role.allCases where role != .member {
        let staff = try await client.by(client.story.member("the_\(role.rawValue)", role: role))
        #expect(try await staff.get("\(path)?member_id=\(bob)")["ppb"]?.int == 25_000_000)
      }
      let staff = try await client.by(curator)
      #expect(try await staff.get(path)["parts"]?.array?.isEmpty == true)
      #expect(try await staff.get("\(path)?member_id=\(MemberID.new())").status == 404)
      #expect(try await staff.get("\(path)?version=1").status == 404)
      try await client.story.lock(product)
      #expect(try await client.by(bob).get("\(path)?version=1")["state"]?.string == "locked")
      let none = "/v1/products/\(ProductID.new())/influence/explain"
      #expect(try await staff.get(none).status == 404)
      let wrong = try await staff.get("\(path)?member_id=bob&version=0&limit=0&cursor=x")
      #expect(wrong.pointers == ["/member_id", "/version", "/limit", "/cursor"])
    }
  }

  @Test func `one member's shares are asked for`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let bob = try await client.story.member("bob")
      let curator = try await client.story.member("curator", role: .curator)
      let product = try await client.story.product(by: ada, curator: curator)
      try await client.story.contribute(bob, to: product, .presale)
      let path = "/v1/products/\(product)/influence"
      let all = try await client.get(path)
      let one = try await client.get("\(path)?member_id=\(bob)")
      #expect(one["total_ppb"]?.int == 100_000_000 && one["sha256"] == all["sha256"])
      #expect(one["shares"]?.array?.map { $0["slice"]?.string } == ["presale"])
      let none = try await client.get("\(path)?member_id=\(curator)")
      #expect(none["total_ppb"]?.int == 0 && none["shares"]?.array?.isEmpty == true)
      #expect(try await client.get("\(path)?member_id=bob").pointers == ["/member_id"])
    }
  }

  @Test func `the list follows each event at once, and is kept until then`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let curator = try await client.story.member("curator", role: .curator)
      let product = try await client.story.product(by: ada, curator: curator)
      let path = "/v1/products/\(product)/influence"
      let first = try await client.get(path)
      let tag = try #require(first.headers["ETag"])
      #expect(try await client.get(path, headers: [("If-None-Match", tag)]).status == 304)
      for slice in [Slice.presale, .research] {
        try await client.story.contribute(ada, to: product, slice)
        let now = try await client.get(path, headers: [("If-None-Match", tag)])
        #expect(now.status == 200)
        #expect(now["shares"]?.array?.contains { $0["slice"]?.string == slice.rawValue } == true)
        let fresh = try #require(try await Influence.of(product, in: client.pool))
        #expect(now["sha256"]?.string == Digest.hex(fresh.sha256))
      }
      try await client.story.lock(product)
      let locked = try await client.get(path)
      #expect(locked["state"]?.string == "locked" && locked["version"]?.int == 1)
      try await client.story.contribute(ada, to: product, .naming)
      #expect(try await client.get(path).bytes == locked.bytes)
      #expect(try await client.get("\(path)?member_id=\(ada)")["version"]?.int == 1)
      #expect(try await client.get("/v1/products/\(ProductID.new())/influence").status == 404)
    }
  }

  @Test func `earlier shares are not explained over and over`() async throws {
    var settings = ApplicationSettings()
    settings.whatIfsPerMember = RateLimit.Rule(burst: 1, interval: .seconds(3600))
    try await withApplication(settings) { client in
      let ada = try await client.story.member("ada")
      let curator = try await client.story.member("curator", role: .curator)
      let product = try await client.story.product(by: ada, curator: curator)
      let me = try await client.by(ada)
      let path = "/v1/products/\(product)/influence/explain"
      for _ in 0..<3 { #expect(try await me.get(path)["version"] == .null) }
      try await client.story.lock(product)
      #expect(try await me.get(path)["version"]?.int == 1)
      #expect(try await me.get(path).status == 429)
    }
  }

  @Test func `what changes shares is told live`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let curator = try await client.story.member("curator", role: .curator)
      let product = try await client.story.product(by: ada, curator: curator)
      let unknown = ProductID.new()
      let before = try await InfluenceMark.of([product, unknown], in: client.pool)
      #expect(before[product]?.state == "running" && before[unknown] == nil)
      try await client.story.contribute(ada, to: product, .presale)
      let after = try await InfluenceMark.of([product], in: client.pool)[product]
      #expect(after != nil && after != before[product])
      try await client.story.lock(product)
      let locked = try await InfluenceMark.of([product], in: client.pool)[product]
      #expect(locked?.state == "locked" && locked?.version == 1)
      #expect(try await client.get("/v1/products/\(unknown)/influence/live").status == 404)
    }
  }

  @Test func `a recipe is tried out`() async throws {
    var settings = ApplicationSettings()
    settings.whatIfsPerMember = RateLimit.Rule(burst: 3, interval: .seconds(3600))
    try await withApplication(settings) { client in
      let ada = try await client.story.member("ada")
      let bob = try await client.story.member("bob")
      let curator = try await client.story.member("curator", role: .curator)
      let product = try await client.story.product(by: ada, curator: curator)
      try await client.story.contribute(bob, to: product, .ideaVotes)
      let me = try await client.by(bob)
      let path = "/v1/products/\(product)/influence/what-if"
      let tried = try await me.post(path, ["recipe": votesOnly])
      #expect(tried.status == 200)
      let first = try #require(tried["holdings"]?[0])
      #expect(first["member_id"]?.string == bob.description)
      #expect(first["before_ppb"]?.int == 100_000_000 && first["after_ppb"]?.int == 1_000_000_000)
      #expect(tried["after"]?["holders"]?.int == 1 && tried["changed"]?.int == 3)
      let present = try await client.get("/v1/products/\(product)/influence")["sha256"]
      #expect(tried["before"]?["sha256"] == present && tried["after"]?["sha256"] != present)
      let same = try await me.post(path, ["recipe": Recipe.standard.json])
      #expect(same["after"]?["sha256"] == present && same["changed"]?.int == 0)
      #expect(try await client.get("/v1/products/\(product)/influence")["sha256"] == present)
      let empty = try await me.post(path)
      #expect(empty.pointers == ["/recipe"])
      let none = "/v1/products/\(ProductID.new())/influence/what-if"
      #expect(try await me.post(none, ["recipe": votesOnly]).status == 404)
      let often = try await me.post(path, ["recipe": votesOnly])
      #expect(often.status == 429 && often.headers["Retry-After"] != nil)
      #expect(try await client.by(ada).post(path, ["recipe": votesOnly]).status == 200)
    }
  }
}
