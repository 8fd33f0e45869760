import Coinvent
import JSON
import TestSupport
import Testing

@Suite struct LikingsAPITests {
  @Test func `what a voter likes stands while the vote does`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let bob = try await client.story.member("bob")
      let author = try await client.by(ada)
      let voter = try await client.by(bob)
      let idea = try await client.story.idea(by: ada)
      let path = "/v1/ideas/\(idea)/liking"
      let liking: JSON = ["words": ["design", "price"], "note": " Its colour. "]
      #expect(try await voter.put(path, liking).problem == "no-vote")
      #expect(try await voter.get(path).status == 404)
      try await client.story.vote(bob, for: idea)
      #expect(try await voter.put(path, liking).status == 200)
      #expect(try await voter.put(path, ["words": ["fun"], "note": "All."]).status == 200)
      #expect(try await voter.get(path)["note"]?.string == "All.")

      let all = try await author.get("/v1/ideas/\(idea)/likings")
      #expect(all["notes"]?.array == ["All."])
      #expect(all["words"]?.array == [["word": "fun", "count": 1]])
      try await client.story.withdraw(bob, from: idea)
      #expect(try await voter.get(path).status == 404)
      #expect(try await author.get("/v1/ideas/\(idea)/likings")["notes"]?.array == [])
      // A new vote is not the one that it was written with.
      try await client.story.vote(bob, for: idea)
      #expect(try await voter.get(path).status == 404)
      #expect(try await voter.put(path, liking).status == 200)
      #expect(try await voter.get(path)["note"]?.string == "Its colour.")
      #expect(try await voter.delete(path).status == 204)
      #expect(try await voter.delete(path).status == 204)
      #expect(try await voter.get(path).status == 404)
    }
  }

  @Test func `the author reads it at once, everybody when the idea has ended, nobody names`()
    async throws
  {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let idea = try await story.idea(by: ada)
      let path = "/v1/ideas/\(idea)/likings"
      for (number, voter) in try await story.crowd(3).enumerated() {
        try await story.vote(voter, for: idea)
        let words: JSON = number == 0 ? ["design"] : ["design", "fun"]
        let answer = try await client.by(voter).put(
          "/v1/ideas/\(idea)/liking", ["words": words, "note": .string("Note \(number)")])
        #expect(answer.status == 200)
      }
      #expect(try await client.get(path).problem == "not-yet")
      #expect(try await client.by(curator).get(path).problem == "not-yet")
      #expect(try await client.by(ada).get(path).status == 200)
      try await story.decide(.decline, idea, by: curator)
      let late = try await client.by(story.member("late")).put(
        "/v1/ideas/\(idea)/liking", ["note": "Late."])
      #expect(late.problem == "idea-closed")
      var notes: [String] = []
      var cursor = ""
      repeat {
        let page = try await client.get("\(path)?limit=2\(cursor)")
        #expect(
          page["words"]?.array == [["word": "design", "count": 3], ["word": "fun", "count": 2]])
        notes += (page["notes"]?.array ?? []).compactMap(\.string)
        cursor = page["next_cursor"]?.string.map { "&cursor=\($0)" } ?? ""
        #expect(!String(decoding: page.bytes, as: UTF8.self).contains("mem_"))
      } while !cursor.isEmpty
      #expect(notes.sorted() == ["Note 0", "Note 1", "Note 2"])
      #expect(try await client.get("\(path)?cursor=-1").pointers == ["/cursor"])
    }
  }

  @Test func `five words of the list and 280 characters`() async throws {
    try await withApplication { client in
      let bob = try await client.by(client.story.member("bob"))
      let idea = try await client.story.idea(by: client.story.member("ada"))
      let long = String(repeating: "x", count: 281)
      for (body, pointer) in [
        (#"{"words":["beauty"]}"#, "/words"), (#"{"words":["fun","fun"]}"#, "/words"),
        (#"{"words":["fun","price","design","safety","timing","quality"]}"#, "/words"),
        (#"{"note":" "}"#, "/note"), (#"{"note":"\#(long)"}"#, "/note"),
        (#"{"words":"fun"}"#, "/words"),
      ] {
        let answer = try await bob.send(
          .put, "/v1/ideas/\(idea)/liking", bytes: Array(body.utf8))
        #expect(answer.status == 422 && answer.pointers.contains(pointer), "\(body)")
      }
    }
  }
}
