import HTTPServer
import JSON
import Testing

@testable import API
@testable import TestSupport

/// The OpenAPI document describes every route and nothing else. Each answer that `Client` gets in
/// any test is held against it too.
@Suite struct OpenAPITests {
  @Test func `every route is described once, and nothing that is no route`() throws {
    let described = OpenAPI.operations.map { PolicyTests.name($0.route) }
    let routes = try PolicyTests.entries.map {
      try PolicyTests.name(PolicyTests.route($0.method, $0.path))
    }
    #expect(Set(described).subtracting(routes) == [])
    #expect(Set(routes).subtracting(described) == [])
    #expect(described.count == Set(described).count)
  }

  @Test func `operations and schemas have names of their own`() {
    let ids = OpenAPI.operations.map(\.id)
    #expect(ids.count == Set(ids).count)
    let schemas = OpenAPI.schemas.map(\.name)
    #expect(schemas.count == Set(schemas).count)
  }

  @Test func `every schema that is named is there`() throws {
    let document = OpenAPI.document
    let known = try #require(document["components"]?["schemas"]?.object?.keys)
    let named = references(in: document)
    #expect(!named.isEmpty)
    for name in named {
      #expect(known.contains(String(name.split(separator: "/").last ?? "")), "\(name)")
    }
  }

  private func references(in json: JSON) -> Set<String> {
    switch json {
    case .object(let object):
      object.members.reduce(into: []) { found, member in
        if member.key == "$ref", let name = member.value.string { found.insert(name) }
        found.formUnion(references(in: member.value))
      }
    case .array(let elements):
      elements.reduce(into: []) { $0.formUnion(references(in: $1)) }
    case .null, .bool, .int, .double, .string: []
    }
  }

  @Test func `an answer that differs from its description is noticed`() {
    let shape = Shape.object([
      .required("id", .whole(1...9)), .optional("words", .list(.words(["a", "b"]), 0...2)),
    ])
    func fault(_ json: JSON) -> String? { Contract.fault(of: json, shape) }
    #expect(fault(["id": 1]) == nil)
    #expect(fault(["id": 1, "words": ["a", "b"]]) == nil)
    #expect(fault([:]) == "/id is missing")
    #expect(fault(["id": 10])?.hasPrefix("/id is 10") == true)
    #expect(fault(["id": 1, "words": ["c"]])?.hasPrefix("/words/0 is") == true)
    #expect(fault(["id": 1, "words": ["a", "b", "a"]]) == "/words has 3 elements")
    #expect(fault(["id": 1, "more": 1]) == "/more is not described")
    #expect(fault([]) == " is no object")
  }

  @Test func `the document is served to everybody, with an entity tag`() async throws {
    try await withApplication { client in
      let answer = try await client.get("/v1/openapi.json")
      #expect(answer.status == 200)
      #expect(answer["openapi"]?.string == "3.1.0")
      #expect(answer["paths"]?["/v1/ideas/{idea_id}/vote"]?["put"]?["operationId"] == "castVote")
      let tag = try #require(answer.headers["ETag"])
      let again = try await client.get("/v1/openapi.json", headers: [("If-None-Match", tag)])
      #expect(again.status == 304)
    }
  }
}
