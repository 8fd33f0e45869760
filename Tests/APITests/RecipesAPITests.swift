import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct RecipesAPITests {
  private let inventorOnly: JSON = [
    "slices": [["slice": "inventor", "ppb": 1_000_000_000, "policy": "named"]],
    "unclaimed": "house",
  ]

  @Test func `the default is changed from a date on, and what changes is told`() async throws {
    try await withApplication { client in
      let boss = try await client.by(client.story.member("boss", role: .admin))
      let shipped = try await client.get("/v1/recipes")
      #expect(shipped["in_force"]?.int == 0)
      #expect(shipped["recipes"]?.array?.map { $0["version"]?.int } == [0])
      let added = try await boss.post(
        "/v1/recipes", ["recipe": inventorOnly, "reason": "We like inventors."])
      #expect(added.status == 201 && added["version"]?.int == 1)
      let parts = try #require(added["diff"]?["parts"]?.array)
      #expect(parts.first?["part"]?.string == "inventor")
      #expect(parts.first?["growth_percent"]?.string == "58")
      #expect(parts.reduce(0) { $0 + ($1["growth_ppb"]?.int ?? 0) } == 0)
      let later = try await boss.post(
        "/v1/recipes",
        ["recipe": inventorOnly, "reason": "Again.", "starts_at": "2999-01-01T00:00:00Z"])
      #expect(later.status == 201 && later["diff"]?["parts"]?.array?.isEmpty == true)
      let taken = try await boss.post(
        "/v1/recipes",
        ["recipe": inventorOnly, "reason": "Again.", "starts_at": "2999-01-01T00:00:00Z"])
      #expect(taken.status == 409)
      let page = try await client.get("/v1/recipes?limit=2")
      #expect(page["in_force"]?.int == 1)
      #expect(page["recipes"]?.array?.map { $0["version"]?.int } == [2, 1])
      let cursor = try #require(page["next_cursor"]?.string)
      let rest = try await client.get("/v1/recipes?limit=2&cursor=\(cursor)")
      #expect(rest["recipes"]?.array?.map { $0["version"]?.int } == [0])
      #expect(
        try await client.get("/v1/recipes?cursor=x&limit=0").pointers == ["/limit", "/cursor"])
    }
  }

  @Test func `a product's recipe is changed for later shares`() async throws {
    try await withApplication { client in
      let curator = try await client.story.member("curator", role: .curator)
      let ada = try await client.story.member("ada")
      let product = try await client.story.product(by: ada, curator: curator)
      let by = try await client.by(curator)
      let path = "/v1/products/\(product)/recipes"
      let added = try await by.post(path, ["recipe": inventorOnly, "reason": "Agreed."])
      #expect(added.status == 201 && added["version"]?.int == 2)
      // The first shares are not locked yet, and the first recipe governs them.
      #expect(try await client.get(path)["in_force"]?.int == 1)
      try await client.story.lock(product)
      let list = try await client.get(path)
      #expect(list["in_force"]?.int == 2)
      #expect(list["recipes"]?.array?.map { $0["reason"]?.string } == ["Agreed.", ""])
      #expect(list["recipes"]?[0]?["recipe"] == inventorOnly)
      let past = try await by.post(
        path, ["recipe": inventorOnly, "reason": "x", "starts_at": "2001-01-01T00:00:00Z"])
      #expect(past.status == 422 && past.pointers == ["/starts_at"])
      let empty = try await by.post(path, ["reason": ""])
      #expect(empty.status == 422 && empty.pointers == ["/recipe", "/reason"])
      let torn: JSON = [
        "slices": [["slice": "inventor", "ppb": 1, "policy": "named"]], "unclaimed": "house",
      ]
      let wrong = try await by.post(path, ["recipe": torn, "reason": "x"])
      #expect(wrong.pointers == ["/recipe/slices"])
      let none = "/v1/products/\(ProductID.new())/recipes"
      #expect(try await client.get(none).status == 404)
      #expect(try await by.post(none, ["recipe": inventorOnly, "reason": "x"]).status == 404)
    }
  }

  @Test func `a contribution tells its role and facts, and shares tell their part`() async throws {
    try await withApplication { client in
      let curator = try await client.story.member("curator", role: .curator)
      let ada = try await client.story.member("ada")
      let bob = try await client.story.member("bob")
      let product = try await client.story.product(by: ada, curator: curator)
      let by = try await client.by(curator)
      let path = "/v1/products/\(product)/contributions"
      func record(_ more: (String, JSON)...) async throws -> Int {
        var body = JSONObject()
        body["member_id"] = .string(bob.description)
        for (key, value) in more { body[key] = value }
        return try await by.post(path, .object(body)).status
      }
      #expect(try await record(("slice", "naming")) == 201)
      #expect(
        try await record(("slice", "naming"), ("role", "vote"), ("spread", 3), ("place", 2)) == 201)
      #expect(
        try await record(
          ("slice", "pricing"), ("guess", ["value": "25.00", "target": "24.00"])) == 201)
      #expect(try await record(("slice", "catalyst")) == 422)
      let wrong = try await by.post(
        path,
        [
          "member_id": .string(bob.description), "slice": "naming", "role": "any", "spread": 0,
          "guess": ["value": "much", "target": "0"],
        ])
      #expect(
        Set(wrong.pointers) == ["/role", "/spread", "/guess/value", "/guess/target"])
      let shares = try await client.get("/v1/products/\(product)/influence")["shares"]?.array ?? []
      let parts = shares.map {
        [$0["slice"]?.string, $0["role"]?.string].compactMap { $0 }.joined(separator: "/")
      }
      #expect(parts == ["inventor", "naming/entry", "naming/vote", "pricing", "house"])
      #expect(shares[3]["reason"]?.string == "accuracy: off by 4.16 % among 1 guesses")
    }
  }
}
