import Coinvent
import HTTPServer
import JSON
import TestSupport
import Testing

@Suite struct DataAPITests {
  @Test func `curators export ideas and votes by HTTP`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let idea = try await client.story.idea(by: ada)
      try await client.story.vote(try await client.story.member("bob"), for: idea)
      let curator = try await client.by(try await client.story.member("cora", role: .curator))

      let ideas = try await curator.get("/v1/exports/ideas")
      #expect(ideas.status == 200)
      #expect(ideas.headers["Content-Type"]?.hasPrefix("text/csv") == true)
      #expect(ideas.headers["Content-Disposition"] == "attachment; filename=\"ideas.csv\"")
      #expect(ideas.headers["Cache-Control"] == "no-store")
      #expect(String(decoding: ideas.bytes, as: UTF8.self).contains("\r\n\(idea),"))

      let votes = try await curator.get("/v1/exports/votes?format=jsonl")
      #expect(votes.headers["Content-Type"] == "application/jsonl")
      #expect(votes["idea_id"]?.string == idea.description)
      #expect(try await curator.get("/v1/exports/votes?format=xml").pointers == ["/format"])
      #expect(try await curator.get("/v1/exports/members").status == 404)
    }
  }

  @Test func `an admin takes over a CSV file by HTTP`() async throws {
    try await withApplication { client in
      let admin = try await client.by(try await client.story.member("boss", role: .admin))
      let header = "external_id,title,pitch,problem,solution,category,author\r\n"
      let good = header + "1,A lamp that bends,Light,Dark,Lamp,home,eve@example.org\r\n"
      let bad = good + "2,Short,Light,Dark,Lamp,home,eve@example.org\r\n"
      func send(_ text: String, _ query: String = "") async throws -> Client.Answer {
        try await admin.send(
          .post, "/v1/imports/ideas?source=box\(query)", bytes: Array(text.utf8),
          headers: [("Content-Type", "text/csv")])
      }
      let refused = try await send(bad)
      #expect(refused.status == 422 && refused.problem == "import-refused")
      #expect(refused.pointers == ["/row 3/title"])
      let dry = try await send(bad, "&dry_run=true")
      #expect(dry["kept"]?.bool == false && dry["made"]?.int == 1)
      #expect(dry["faults"]?.array?.first?["column"]?.string == "title")
      #expect(try await send(bad, "&skip_bad=true")["made"]?.int == 1)
      #expect(try await send(good)["repeated"]?.int == 1)
      #expect(try await send(good, "&author=nobody").pointers == ["/author"])
      #expect(try await send("a,\"b").status == 400)
      #expect(try await send("title\r\n").status == 422)
      #expect(try await admin.post("/v1/imports/ideas?source=box").status == 415)
    }
  }

  @Test func `a member reads the own data and leaves by HTTP`() async throws {
    try await withApplication { client in
      func join(_ handle: String) async throws -> Client {
        _ = try await client.post(
          "/v1/members",
          [
            "handle": .string(handle), "display_name": "Ada", "password": "correct horse",
            "email": .string("\(handle)@example.org"),
          ])
        let session = try await client.post(
          "/v1/sessions", ["login": .string(handle), "password": "correct horse"])
        return client.with(token: session["token"]?.string)
      }
      let ada = try await join("ada")
      #expect(try await ada.get("/v1/me/export")["members"]?.array?.count == 1)
      let preview = try await ada.get("/v1/me/erasure")
      #expect(preview["must_choose"]?.bool == false && preview["due_at"]?.isNull == true)

      let token = try await ada.post("/v1/tokens")
      let program = client.with(token: token["token"]?.string)
      #expect(try await program.delete("/v1/me").problem == "confirm-identity")
      #expect(try await program.send(.delete, "/v1/me", ["password": "wrong"]).status == 422)
      let wrong = try await program.send(.delete, "/v1/me", ["earnings": "keep"])
      #expect(wrong.pointers == ["/earnings"])
      let asked = try await program.send(.delete, "/v1/me", ["password": "correct horse"])
      #expect(asked.status == 202)
      #expect(try await ada.get("/v1/me").status == 401)

      // A fresh session will do; and signing in had taken the first request back.
      let again = try await join("ada")
      #expect(try await again.get("/v1/me/erasure")["due_at"]?.isNull == true)
      #expect(try await again.delete("/v1/me").status == 202)
    }
  }

  @Test func `who has shares is asked for a choice before leaving`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let curator = try await story.member("cora", role: .curator)
      try await story.lock(try await story.product(by: ada, curator: curator))
      let token = try await story.token(of: ada)
      try await client.pool.execute("UPDATE tokens SET kind = 'session'")
      let me = client.with(token: token)
      #expect(try await me.get("/v1/me/erasure")["must_choose"]?.bool == true)
      let refused = try await me.delete("/v1/me")
      #expect(refused.status == 409 && refused.problem == "money-waits")
      let asked = try await me.send(.delete, "/v1/me", ["earnings": "give_to_house"])
      #expect(asked.status == 202)
    }
  }

  @Test func `an admin sends Fider's backup as it is, or its CSV for somebody`() async throws {
    try await withApplication { client in
      try await client.story.member("ada")
      let admin = try await client.by(client.story.member("root", role: .admin))
      let files = try ZipFiles()
      func send(_ bytes: [UInt8], as type: String, _ query: String = "") async throws
        -> Client.Answer
      {
        try await admin.send(
          .post, "/v1/imports/fider\(query)", bytes: bytes, headers: [("Content-Type", type)])
      }
      let posts = """
        [{"id": 1, "number": 1, "title": "Go is fast", "description": "Tiny", "user_id": 7,
          "status": 0, "created_at": "2018-03-23T19:33:22Z"}]
        """
      let users = #"[{"id": 7, "name": "Jon", "email": "jon@example.org"}]"#
      let attached = #"[{"post_id": 1, "attachment_bkey": "attachments/gone.png"}]"#
      let backup = try files.bytes(
        "backup.zip",
        entries: [
          "posts.json": Array(posts.utf8), "users.json": Array(users.utf8),
          "attachments.json": Array(attached.utf8),
        ])
      let done = try await send(backup, as: "application/zip")
      #expect(done.status == 200 && done["made"] == 1 && done["members"] == 1)
      #expect(done["left"]?[0]?["place"] == "post 1" && done["faults"]?.array == [])
      #expect(try await send(backup, as: "application/zip")["repeated"] == 1)
      let broken = try await send(Array("no archive".utf8), as: "application/zip")
      #expect(broken.status == 400)
      #expect(try await send([], as: "application/zip").pointers == ["posts.json"])
      let csv = Array(
        "number,title,description,created_at,status\n1,Go slow,x,2018-03-23T19:33:22Z,open\n".utf8)
      #expect(try await send(csv, as: "text/csv").pointers == ["/author"])
      #expect(try await send(csv, as: "text/csv", "?author=ada")["made"] == 1)
      #expect(try await send(csv, as: "application/json").problem == "not-fider")
    }
  }
}
