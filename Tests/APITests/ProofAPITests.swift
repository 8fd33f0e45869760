import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct ProofAPITests {
  @Test func `a proof is for its member and finance, and everybody may check it`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let bob = try await client.by(story.member("bob"))
      let money = try await client.by(story.member("money", role: .finance))
      let own = try await client.by(ada)
      let path = "/v1/members/\(ada)/proof"
      #expect(try await own.get(path).problem == "nothing-proven")
      let product = try await story.shared(by: ada, with: [curator], curator: curator)
      try await story.sell([Story.line("1", product, price: "1000")])
      try await story.settle()
      try await story.pay(ada)
      #expect(try await own.get(path).problem == "not-signed-yet")
      let key = try #require(SealingKey.new(name: "example.org"))
      _ = try await KeepProof.run(key: key, in: client.story.pool)

      let proof = try await own.get(path)
      #expect(proof.status == 200 && proof["payouts"]?.array?.count == 1)
      #expect(try CheckProof.run(proof.bytes, trusted: [key.publicKey]).sentences.count == 2)
      #expect(try await money.get(path).status == 200)
      #expect(try await bob.get(path).status == 403)
      #expect(try await money.get("/v1/members/\(MemberID.new())/proof").status == 404)
      let settlement = try #require(proof["settlements"]?[0]?["settlement"]?.string)
      #expect(try await own.get("\(path)?settlement=\(settlement)")["payouts"]?.array?.count == 0)
      #expect(try await own.get("\(path)?settlement=\(SettlementID.new())").status == 404)
      #expect(try await own.get("\(path)?settlement=x").pointers == ["/settlement"])

      let keys = try await client.get("/v1/proof/key")
      #expect(keys["keys"]?[0]?["key"]?.string == "\(key.publicKey)")
      let points = try await client.get("/v1/proof/checkpoints?limit=1")
      let note = try #require(points["checkpoints"]?[0]?["note"]?.string)
      #expect(try Checkpoint.read(note, signedBy: key.publicKey).size == 3)
      #expect(points["next_cursor"]?.isNull == true)
      let first = try await client.get("/v1/proof/entries?limit=2")
      let cursor = try #require(first["next_cursor"]?.string)
      let rest = try await client.get("/v1/proof/entries?limit=2&cursor=\(cursor)")
      #expect(rest["entries"]?[0]?["previous"] == first["entries"]?[1]?["hash"])
      #expect(try await client.get("/v1/proof/entries?cursor=!").pointers == ["/cursor"])
    }
  }
}
