import API
import Coinvent
import Foundation
import HTTPServer
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct ImagesAPITests {
  struct Scene {
    let client: Client
    let ada: Client
    let author: MemberID
    let idea: IdeaID
    var path: String { "/v1/ideas/\(idea)/images" }

    init(_ client: Client) async throws {
      self.client = client
      author = try await client.story.member("ada")
      ada = try await client.by(author)
      idea = try await client.story.idea(by: author)
    }

    func add(
      _ bytes: [UInt8], type: String = "image/png", query: String = "", key: String? = nil,
      by sender: Client? = nil
    ) async throws -> Client.Answer {
      let headers = [("Content-Type", type)] + (key.map { [("Idempotency-Key", $0)] } ?? [])
      return try await (sender ?? ada).send(.post, path + query, bytes: bytes, headers: headers)
    }

    func id(_ bytes: [UInt8]) async throws -> String {
      try #require(try await add(bytes)["id"]?.string)
    }

    var listed: [JSON] { get async throws { try await client.get(path)["images"]?.array ?? [] } }

    var order: [String?] { get async throws { try await listed.map { $0["id"]?.string } } }
  }

  @Test func `an author adds a picture, and everybody sees it clean and small`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let made = try await scene.add(
        Pictures.photograph, type: "image/jpeg", query: "?description=A+cable%2C+coiled")
      #expect(made.status == 201 && made["type"]?.string == "image/jpeg")
      #expect(made["width"]?.int == 8 && made["height"]?.int == 24 && made["place"]?.int == 1)
      #expect(made["description"]?.string == "A cable, coiled" && made["frames"]?.int == 1)
      let url = try #require(made["url"]?.string)
      #expect(made.headers["Location"] == url)
      #expect(try await scene.listed.map { $0["id"] } == [made["id"]])

      let image = try await client.get(url)
      #expect(image.headers["Content-Type"] == "image/jpeg")
      #expect(image.headers["X-Content-Type-Options"] == "nosniff")
      #expect(image.headers["Content-Disposition"]?.hasPrefix("inline; filename=\"img_") == true)
      #expect(image.headers["Cache-Control"] == "public, max-age=31536000, immutable")
      #expect(Int64(image.bytes.count) == made["bytes"]?.int && !image.bytes.holds("Exif"))
      let tag = try #require(image.headers["ETag"])
      #expect(try await client.get(url, headers: [("If-None-Match", tag)]).status == 304)
      for side in ["320", "1280"] {
        let thumbnail = try await client.get(try #require(made["url_\(side)"]?.string))
        #expect(thumbnail.headers["Content-Type"] == "image/webp")
        #expect(thumbnail.bytes.holds("WEBP") && thumbnail.headers["ETag"] != tag)
      }
      #expect(try await client.get(url + "/640").status == 404)
      #expect(try await client.get("/v1/images/\(ImageID.new())").status == 404)
    }
  }

  @Test func `the same bytes again are the same image, with a key and without`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let first = try await scene.add(Pictures.gif, key: "one")
      let again = try await scene.add(Pictures.gif, type: "application/octet-stream")
      let replayed = try await scene.add(Pictures.gif, key: "one")
      #expect(first.status == 201 && again.status == 200 && replayed.status == 201)
      #expect(first["id"] == again["id"] && first["id"] == replayed["id"])
      #expect(replayed.headers["Idempotency-Replayed"] == "true")
      #expect(try await scene.listed.count == 1)
      #expect(first["frames"]?.int == 2 && first["type"]?.string == "image/gif")
      #expect(try await scene.add(Pictures.jpeg, key: "one").problem == "key-reused")
    }
  }

  @Test func `what is no image, too large or damaged is refused by name`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let svg = Array("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".utf8)
      #expect(try await scene.add(svg).problem == "not-an-image")
      let html = Array("<!DOCTYPE html><script>alert(1)</script>".utf8)
      #expect(try await scene.add(html, type: "image/jpeg").problem == "not-an-image")
      #expect(try await scene.add(svg, type: "image/svg+xml").status == 422)
      #expect(try await scene.add(html, type: "text/html").problem == "no-image-type")
      let bomb = Pictures.png(2, 2, head: (60_000, 60_000))
      #expect(try await scene.add(bomb).problem == "image-too-large")
      #expect(try await scene.add(Array(Pictures.jpeg.prefix(200))).problem == "image-damaged")
      let long = String(repeating: "x", count: 201)
      let faulty = try await scene.add(Pictures.gif, query: "?description=\(long)")
      #expect(faulty.pointers == ["/description"])
      #expect(try await scene.listed.isEmpty)
    }
  }

  @Test func `only the author changes images, and only while the texts may change`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let id = try await scene.id(Pictures.gif)
      let eve = try await client.by(client.story.member("eve"))
      #expect(try await scene.add(Pictures.jpeg, by: eve).problem == "not-author")
      let change: JSON = ["description": "Mine"]
      #expect(
        try await eve.send(.patch, "/v1/images/\(id)", change).problem == "not-author")
      #expect(try await eve.delete("/v1/images/\(id)").problem == "not-author")
      #expect(
        try await scene.ada.delete("/v1/images/\(ImageID.new())").status == 404)
      try await client.story.move(scene.idea, to: .inReview)
      #expect(try await scene.add(Pictures.jpeg).problem == "idea-frozen")
      #expect(
        try await scene.ada.send(.patch, "/v1/images/\(id)", change).problem == "idea-frozen")
      #expect(try await scene.ada.delete("/v1/images/\(id)").problem == "idea-frozen")
      #expect(try await client.get("/v1/images/\(id)").status == 200)
      #expect(try await scene.ada.send(.post, "/v1/ideas/\(IdeaID.new())/images").status == 404)
    }
  }

  @Test func `an idea has eight, in the order its author gives them`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      var ids: [String] = []
      for number in 1...8 { ids.append(try await scene.id(Pictures.png(number, 3))) }
      #expect(try await scene.add(Pictures.png(9, 3)).problem == "too-many-images")
      #expect(try await scene.add(Pictures.png(8, 3)).status == 200)
      let path = "/v1/images/"
      let moved = try await scene.ada.send(.patch, path + ids[6], ["place": 2])
      #expect(moved["place"]?.int == 2)
      #expect(try await scene.order == [0, 6, 1, 2, 3, 4, 5, 7].map { ids[$0] })
      _ = try await scene.ada.send(.patch, path + ids[0], ["place": 5, "description": "First"])
      #expect(try await scene.order == [6, 1, 2, 3, 0, 4, 5, 7].map { ids[$0] })
      #expect(try await scene.listed[4]["description"]?.string == "First")
      let bare = try await scene.ada.send(.patch, path + ids[0], ["description": ""])
      #expect(bare["description"]?.isNull == true && bare["place"]?.int == 5)
      for _ in 0..<2 { #expect(try await scene.ada.delete(path + ids[1]).status == 204) }
      #expect(try await scene.order == [6, 2, 3, 0, 4, 5, 7].map { ids[$0] })
      let last = try await scene.ada.send(.patch, path + ids[6], ["place": 8])
      #expect(last["place"]?.int == 7)
      #expect(try await scene.add(Pictures.png(9, 3))["place"]?.int == 8)
      let faulty = try await scene.ada.send(.patch, path + ids[0], ["place": 0])
      #expect(faulty.pointers == ["/place"])
    }
  }

  @Test func `a deleted image's bytes are gone, and its row says so`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let id = try await scene.id(Pictures.jpeg)
      #expect(try await scene.ada.delete("/v1/images/\(id)").status == 204)
      for form in ["", "/320", "/1280"] {
        #expect(try await client.get("/v1/images/\(id)\(form)").status == 404)
      }
      #expect(
        try await scene.ada.send(.patch, "/v1/images/\(id)", ["place": 1]).status == 404)
      let left = try await client.pool.one(
        """
        SELECT (SELECT count(*) FROM image_bytes),
               (SELECT count(*) FROM idea_images WHERE deleted_at IS NOT NULL)
        """, as: (Int64, Int64).self)
      #expect(left == (0, 1))
      let again = try await scene.add(Pictures.jpeg)
      #expect(again.status == 201 && again["id"]?.string != id)
    }
  }

  @Test func `images of a hidden idea are as hidden`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let draft = try await client.story.draft(by: scene.author)
      let made = try await scene.ada.send(
        .post, "/v1/ideas/\(draft)/images", bytes: Pictures.gif,
        headers: [("Content-Type", "image/gif")])
      let url = try #require(made["url"]?.string)
      let curator = try await client.by(client.story.member("curator", role: .curator))
      for other in [client, curator] {
        #expect(try await other.get("/v1/ideas/\(draft)/images").status == 404)
        #expect(try await other.get(url).status == 404)
        #expect(try await other.get(url + "/320", headers: [("If-None-Match", "*")]).status == 404)
      }
      #expect(try await curator.delete(url).status == 404)
      let own = try await scene.ada.get(url)
      #expect(own.status == 200 && own.headers["Cache-Control"] == "private, no-cache")

      let id = try await scene.id(Pictures.jpeg)
      try await client.story.move(scene.idea, to: .removed)
      #expect(try await client.get("/v1/images/\(id)").status == 404)
      #expect(try await curator.get("/v1/images/\(id)").status == 200)
    }
  }

  @Test func `a body of 10 MiB is taken here alone, and with a token`() async throws {
    try await withApplication { client in
      func limit(_ method: HTTPServer.Method, _ path: String, _ headers: Headers) -> Int? {
        client.application.bodyLimit(for: Request(method, path, headers: headers))
      }
      let path = "/v1/ideas/\(IdeaID.new())/images"
      let token: Headers = ["Authorization": "Bearer x"]
      #expect(limit(.post, path, token) == 10_485_760 && limit(.post, path, [:]) == nil)
      #expect(limit(.put, path, token) == nil && limit(.post, "/v1/ideas", token) == nil)
    }
  }

  @Test func `the database keeps images as they were added`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      _ = try await scene.id(Pictures.gif)
      for change in [
        "DELETE FROM idea_images", "DELETE FROM image_bytes", "UPDATE image_bytes SET bytes = 'x'",
        "UPDATE idea_images SET width = 9", "UPDATE idea_images SET place = 9",
        "UPDATE idea_images SET place = NULL", "UPDATE idea_images SET description = ''",
      ] {
        await #expect(throws: DatabaseError.self, "\(change)") {
          try await client.pool.execute("\(unsafeSQL: change)")
        }
      }
      try await client.story.move(scene.idea, to: .inReview)
      await #expect(throws: DatabaseError.self) {
        try await client.pool.execute(
          """
          INSERT INTO idea_images (idea_id, id, sha256, type, width, height, frames, byte_count,
                                   place, added_at)
          SELECT idea_id, gen_random_uuid(), sha256('x'), type, width, height, frames, byte_count,
                 2, added_at FROM idea_images
          """)
      }
    }
  }
}

/// What the server says when the program that reads images misbehaves; here it is a shell script.
@Suite struct ImageProgramFaultTests {
  private func answer(_ script: String?) async throws -> Client.Answer {
    let path = FileManager.default.temporaryDirectory.path() + "/image-\(UUID().uuidString)"
    if let script {
      try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: false, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    }
    defer { unlink(path) }
    var settings = ApplicationSettings()
    settings.imageProgram = path
    settings.imageTime = .milliseconds(500)
    var answer: Client.Answer?
    try await withApplication(settings) { client in
      let scene = try await ImagesAPITests.Scene(client)
      answer = try await scene.add(Pictures.gif)
      #expect(try await scene.listed.isEmpty)
      #expect(try await client.get("/healthz").status == 200)
    }
    return try #require(answer)
  }

  @Test func `one that crashes, hangs or floods is the image's fault`() async throws {
    for script in ["kill -SEGV $$", "exit 1", "sleep 60", "exec cat /dev/zero"] {
      let answer = try await answer(script)
      #expect(answer.status == 422 && answer.problem == "image-too-hard", "\(script)")
    }
  }

  @Test func `one that is missing, killed or talks nonsense is ours`() async throws {
    let nonsense = [
      "exit 0", "echo hello", "echo refused because", "echo image png 1 1 1 5 5 5",
      "echo image tiff 1 1 1 1 1 1", "echo image png -1 1 1 0 0 0",
      "echo image png 1 1 1 9223372036854775807 1 1",
    ]
    for script in [nil, "kill -KILL $$", "exit 127"] + nonsense {
      let answer = try await answer(script)
      #expect(answer.status == 503 && answer.headers["Retry-After"] != nil, "\(script ?? "none")")
    }
  }
}
