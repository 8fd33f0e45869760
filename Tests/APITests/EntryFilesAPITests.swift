import API
import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct EntryFilesAPITests {
  private static let form: JSON = [
    ["name": "picture", "label": "Picture", "kind": "image"],
    [
      "name": "model", "label": "Model", "kind": "file", "required": false,
      "types": ["application/pdf"], "max_bytes": 100,
    ],
    ["name": "about", "label": "About it", "kind": "text", "required": false],
  ]

  private struct Scene {
    let client: Client
    let curator: Client
    let bob: Client
    let path: String

    init(_ client: Client) async throws {
      self.client = client
      let scene = try await ProjectsAPITests.Scene(client)
      curator = scene.curator
      bob = try await client.by(client.story.member("bob"))
      path = try await scene.project("design", ["form": EntryFilesAPITests.form])
    }

    func upload(_ bytes: [UInt8], _ field: String, by sender: Client? = nil) async throws
      -> Client.Answer
    {
      try await (sender ?? bob).send(
        .post, "\(path)/files?field=\(field)", bytes: bytes,
        headers: [("Content-Type", "application/octet-stream")])
    }

    func id(_ bytes: [UInt8], _ field: String = "picture") async throws -> JSON {
      try #require(try await upload(bytes, field)["id"])
    }
  }

  @Test func `a picture is the uploader's until an entry uses it, and clean and small then`()
    async throws
  {
    try await withApplication { client in
      let scene = try await Scene(client)
      let made = try await scene.upload(Pictures.photograph, "picture")
      #expect(made.status == 201 && made["type"]?.string == "image/jpeg")
      #expect(made["width"]?.int == 8 && made["entry_id"] == .null)
      let url = try #require(made["url"]?.string)
      #expect(try await client.get(url).status == 404)
      #expect(try await scene.bob.get(url).headers["Cache-Control"] == "private, no-cache")
      #expect(try await scene.curator.get(url).status == 200)
      let id = try #require(made["id"])
      let ada = try await client.by(client.story.member("eve"))
      let stolen = try await ada.post("\(scene.path)/entries", ["answers": ["picture": id]])
      #expect(stolen.problem == "file-not-there" && stolen.pointers == ["/answers/picture"])
      let entered = try await scene.bob.post("\(scene.path)/entries", ["answers": ["picture": id]])
      #expect(entered.status == 201 && entered["files"]?[0]?["id"] == id)
      let image = try await client.get(url)
      #expect(image.status == 200 && image.headers["Content-Type"] == "image/jpeg")
      #expect(image.headers["X-Content-Type-Options"] == "nosniff")
      #expect(image.headers["Content-Disposition"]?.hasPrefix("inline; filename=\"file_") == true)
      let tag = try #require(image.headers["ETag"])
      #expect(try await client.get(url, headers: [("If-None-Match", tag)]).status == 304)
      #expect(try await client.get("\(url)/320").headers["Content-Type"] == "image/webp")
      #expect(try await client.get("\(url)/1280").status == 200)
      let entry = try #require(entered.headers["Location"])
      // Another picture in its place: the first is the uploader's again.
      let second = try await scene.id(Pictures.gif)
      let edited = try await scene.bob.send(.patch, entry, ["answers": ["picture": second]])
      #expect(edited["files"]?.array?.count == 1)
      #expect(try await client.get(url).status == 404)
      _ = try await scene.bob.post("\(entry)/withdrawal")
      let other = try #require(edited["files"]?[0]?["url"]?.string)
      #expect(try await client.get(other).status == 404)
      #expect(try await scene.bob.get(other).status == 200)
    }
  }

  @Test func `a file is what its bytes say, and no longer than its field takes`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let pdf = Array("%PDF-1.7 and so on".utf8)
      let made = try await scene.upload(pdf, "model")
      #expect(made["type"]?.string == "application/pdf" && made["width"] == .null)
      let url = try #require(made["url"]?.string)
      let file = try await scene.bob.get(url)
      #expect(file.bytes == pdf)
      let shown = file.headers["Content-Disposition"] ?? ""
      #expect(shown.hasPrefix("attachment; filename=\"file_") && shown.hasSuffix(".pdf\""))
      #expect(try await scene.bob.get("\(url)/320").status == 404)
      #expect(
        try await scene.upload(pdf + [UInt8](repeating: 32, count: 100), "model").problem
          == "file-too-large")
      #expect(try await scene.upload(Array("<html>".utf8), "model").problem == "file-type")
      #expect(try await scene.upload(pdf, "picture").problem == "not-an-image")
      for field in ["about", "other", ""] {
        #expect(try await scene.upload(pdf, field).problem == "no-file-field")
      }
      let id = try #require(made["id"])
      let wrong = try await scene.bob.post(
        "\(scene.path)/entries", ["answers": ["picture": id]])
      #expect(wrong.problem == "file-not-there")
    }
  }

  @Test func `what nobody uses is limited, and goes after a day`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let picture = try await scene.id(Pictures.gif)
      let entered = try await scene.bob.post(
        "\(scene.path)/entries", ["answers": ["picture": picture]])
      #expect(entered.status == 201)
      let pdf = Array("%PDF-1.7".utf8)
      for _ in 0..<EntryFile.mostHeld {
        #expect(try await scene.upload(pdf, "model").status == 201)
      }
      #expect(try await scene.upload(pdf, "model").problem == "too-many-files")
      #expect(try await ForgetFiles.run(in: client.pool) == 0)
      let later = Timestamp.now + EntryFile.heldFor + .seconds(60)
      #expect(try await ForgetFiles.run(at: later, limit: 15, in: client.pool) == 15)
      #expect(try await ForgetFiles.run(at: later, limit: 15, in: client.pool) == 5)
      #expect(try await ForgetFiles.run(at: later, in: client.pool) == 0)
      let left = try await client.pool.one(
        "SELECT count(DISTINCT file_id) FROM entry_file_bytes", as: Int64.self)
      #expect(left == 1)
      try await client.pool.execute(
        "UPDATE projects SET state = 'closed'")
      #expect(try await scene.upload(pdf, "model").problem == "entries-closed")
    }
  }
}
