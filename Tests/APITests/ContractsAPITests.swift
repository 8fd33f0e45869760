import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct ContractsAPITests {
  private let steps: JSON = [
    "base": "net", "rates": ["direct": 300_000, "retail": 100_000],
    "rules": [
      [
        "channel": "direct", "rate_ppm": 300_000, "by": "units",
        "steps": [["above": "1", "rate_ppm": 500_000]],
      ]
    ],
  ]

  private func product(_ client: Client) async throws -> ProductID {
    let curator = try await client.story.member("curator", role: .curator)
    let ada = try await client.story.member("ada")
    return try await client.story.product(by: ada, curator: curator)
  }

  @Test func `a contract is previewed, amended, listed and read`() async throws {
    try await withApplication { client in
      let product = try await product(client)
      try await client.story.sell([Story.line("s", product, quantity: 2, price: "10")])
      let finn = try await client.by(client.story.member("finn", role: .finance))
      let path = "/v1/products/\(product)/contracts"
      let preview = try await finn.post("\(path)/preview", ["contract": steps])
      #expect(preview.status == 200)
      #expect(preview["pools"]?[0]?["before"]?.string == "6.00")
      #expect(preview["pools"]?[0]?["after"]?.string == "8.00")
      #expect(preview["diff"]?.array?.map { $0["term"]?.string } == ["rules"])
      let made = try await finn.post(path, ["contract": steps, "reason": " Agreed. "])
      #expect(made.status == 201 && made["version"]?.int == 2)
      #expect(made["reason"]?.string == "Agreed.")
      #expect(made["made_by"]?.string?.hasPrefix("mem_") == true)
      #expect(made["diff"]?.array?.count == 1)
      let later = try await finn.post(
        path,
        [
          "contract": ["base": "gross", "rates": ["direct": 1, "retail": 2]],
          "starts_at": "2999-01-01T00:00:00Z", "reason": "Agreed.",
        ])
      #expect(later.status == 201)
      #expect(
        later["diff"]?.array?.map { $0["term"]?.string }
          == ["base", "rates/direct", "rates/retail", "rules"])
      let list = try await client.get(path)
      #expect(list["in_force"]?.int == 2)
      #expect(list["contracts"]?.array?.map { $0["version"]?.int } == [3, 2, 1])
      let first = try await client.get("\(path)/1")
      #expect(first["reason"] == .null && first["made_by"] == .null)
      let second = try await client.get("\(path)/2")
      #expect(second["rules"]?[0]?["steps"]?[0]?["above"]?.string == "1")
      #expect(try await client.get("\(path)/9").status == 404)
      #expect(try await client.get("\(path)/x").status == 404)
    }
  }

  @Test func `each refusal of an amendment has its answer`() async throws {
    try await withApplication { client in
      let product = try await product(client)
      let finn = try await client.by(client.story.member("finn", role: .finance))
      let path = "/v1/products/\(product)/contracts"
      func amend(_ contract: JSON, _ start: JSON = .null) async throws -> Client.Answer {
        try await finn.post(path, ["contract": contract, "starts_at": start, "reason": "So."])
      }
      #expect(try await finn.post(path, [:]).pointers == ["/contract", "/reason"])
      let silent: JSON = ["contract": steps, "reason": " "]
      #expect(try await finn.post(path, silent).pointers == ["/reason"])
      #expect(try await amend(["base": "x"]).pointers == ["/contract/base", "/contract/rates"])
      #expect(try await amend(steps, "2001-01-01T00:00:00Z").pointers == ["/starts_at"])
      #expect(
        try await amend(["base": "net", "rates": ["direct": 1]]).pointers == ["/contract/rates"])
      let advance: JSON = [["name": "a", "amount": "1.00", "currency": "USD"]]
      let changed: JSON = [["name": "a", "amount": "2.00", "currency": "USD"]]
      let rates: JSON = ["direct": 1, "retail": 1]
      func contract(_ advances: JSON) -> JSON {
        ["base": "net", "rates": rates, "advances": advances]
      }
      #expect(try await amend(contract(advance), "2999-01-01T00:00:00Z").status == 201)
      #expect(try await amend(contract(advance), "2999-01-01T00:00:00Z").status == 409)
      #expect(try await amend(contract(advance)).pointers == ["/starts_at"])
      let other = try await amend(contract(changed), "2999-02-01T00:00:00Z")
      #expect(other.status == 409 && other["type"]?.string?.hasSuffix("item-changed") == true)
      let trial = try await finn.post("\(path)/preview", ["contract": contract(changed)])
      #expect(trial.problem == "item-changed")
      let nowhere = "/v1/products/\(ProductID(uuid: .zero))/contracts"
      #expect(
        try await finn.post(nowhere, ["contract": steps, "reason": "So."]).status == 404)
      #expect(try await finn.post("\(nowhere)/preview", ["contract": steps]).status == 404)
      #expect(try await client.get(nowhere).status == 404)
    }
  }
}
