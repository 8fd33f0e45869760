import API
import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct ProjectsAPITests {
  struct Scene {
    let client: Client
    let inventor: Client
    let curator: Client
    let product: ProductID
    var path: String { "/v1/products/\(product)/projects" }

    init(_ client: Client) async throws {
      self.client = client
      let ada = try await client.story.member("ada")
      let cora = try await client.story.member("cora", role: .curator)
      inventor = try await client.by(ada)
      curator = try await client.by(cora)
      product = try await client.story.product(by: ada, curator: cora)
    }

    /// What a curator sends: entries for an hour from now on, choices for an hour after that.
    static func body(_ slice: String = "naming", _ more: JSON = [:]) -> JSON {
      let now = Timestamp.now
      var body: JSONObject = JSONObject()
      body["slice"] = .string(slice)
      body["title"] = "A name for the lamp"
      body["brief"] = "Short, and easy to say."
      body["choosing"] = "votes"
      body["opens_at"] = .string((now - .seconds(1)).description)
      body["entries_until"] = .string((now + .seconds(3600)).description)
      body["closes_at"] = .string((now + .seconds(7200)).description)
      body["publish"] = true
      if let more = more.object {
        for (key, value) in more { body[key] = value }
      }
      return .object(body)
    }

    func project(_ slice: String = "naming", _ more: JSON = [:]) async throws -> String {
      let made = try await curator.post(path, Self.body(slice, more))
      #expect(made.status == 201, "\(made.problem ?? "") \(made.pointers)")
      return "\(path)/\(try #require(made["id"]?.string))"
    }
  }

  @Test func `a product's stages are moved by a curator and read by everybody`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let product = "/v1/products/\(scene.product)"
      #expect(try await client.get(product)["stage"]?.string == "research")
      let first = try await client.get("\(product)/stages")
      #expect(first["stage"]?.string == "research" && first["history"]?.array?.count == 1)
      let news: JSON = [
        "stage": "naming", "due_on": "2027-01-31", "needed_next": "A name that is free",
      ]
      let moved = try await scene.curator.post("\(product)/stages", news)
      #expect(moved.status == 201 && moved["due_on"]?.string == "2027-01-31")
      #expect(moved["needed_next"]?.string == "A name that is free")
      #expect(try await scene.curator.post("\(product)/stages", news).status == 200)
      #expect(
        try await scene.curator.post("\(product)/stages", ["stage": "design"]).pointers
          == ["/reason"])
      #expect(
        try await scene.curator.post("\(product)/stages", ["stage": "rights_returned"]).problem
          == "wrong-stage")
      let wrong = try await scene.curator.post(
        "\(product)/stages", ["stage": "sold", "due_on": "soon"])
      #expect(wrong.pointers == ["/stage", "/due_on"])
      #expect(try await scene.inventor.post("\(product)/stages", news).status == 403)
      let stopped = try await scene.curator.post(
        "\(product)/stages", ["stage": "shelved", "reason": "Too dear."])
      #expect(stopped["stopped_because"]?.string == "Too dear.")
      let history = try await client.get("\(product)/stages")["history"]?.array ?? []
      #expect(history.map { $0["stage"]?.string } == ["research", "naming", "shelved"])
      let listed = try await client.get("/v1/products?stage=shelved")["products"]?.array
      #expect(listed?.map { $0["id"]?.string } == [scene.product.description])
      #expect(try await client.get("/v1/products?stage=design")["products"] == [])
      #expect(try await client.get("/v1/products?stage=x").pointers == ["/stage"])
      #expect(try await client.get("/v1/products/\(ProductID.new())/stages").status == 404)
    }
  }

  @Test func `a project is drafted in secret, published, listed, extended and cancelled`()
    async throws
  {
    try await withApplication { client in
      let scene = try await Scene(client)
      let path = try await scene.project("tagline", ["publish": false, "hides_tallies": true])
      #expect(try await client.get(path).status == 404)
      #expect(try await client.get(scene.path)["projects"] == [])
      let draft = try await scene.curator.get(path)
      #expect(draft["state"]?.string == "draft" && draft["takes_entries"]?.bool == false)
      #expect(draft["form"]?[0]?["name"]?.string == "tagline")
      let form: JSON = [["name": "line", "label": "Line", "kind": "text", "max": 40]]
      let edited = try await scene.curator.send(.patch, path, ["form": form, "title": "A line"])
      #expect(edited["form"]?[0]?["max"]?.int == 40 && edited["title"]?.string == "A line")
      #expect(try await scene.curator.post("\(path)/publication").status == 200)
      let open = try await client.get(path)
      #expect(open["takes_entries"]?.bool == true && open["takes_choices"]?.bool == false)
      #expect(try await client.get("\(scene.path)?state=open")["projects"]?.array?.count == 1)
      #expect(try await client.get("/v1/projects")["projects"]?.array?.count == 1)
      #expect(try await client.get("/v1/projects?state=draft").pointers == ["/state"])
      #expect(
        try await scene.curator.send(.patch, path, ["title": "Other"]).problem == "project-open")
      let later: JSON = .string((Timestamp.now + .seconds(9000)).description)
      #expect(
        try await scene.curator.send(.patch, path, ["closes_at": later]).pointers == ["/reason"])
      let extended = try await scene.curator.send(
        .patch, path, ["closes_at": later, "reason": "Much is coming."])
      #expect(extended.status == 200)
      #expect(try await scene.curator.post("\(path)/cancellation", ["reason": ""]).status == 422)
      let cancelled = try await scene.curator.post("\(path)/cancellation", ["reason": "No."])
      #expect(cancelled["state"]?.string == "cancelled" && cancelled["reason"]?.string == "No.")
      #expect(try await scene.curator.post("\(path)/publication").problem == "project-ended")
      #expect(
        try await scene.curator.send(.patch, path, ["title": "Other"]).problem == "project-ended")
    }
  }

  @Test func `what cannot be a project is refused with every mistake`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let form: JSON = [["name": "N", "label": "Line", "kind": "text", "max": 0]]
      let wrong = try await scene.curator.post(
        scene.path,
        Scene.body("presale", ["form": form, "entries_per_member": 0, "choosing": "luck"]))
      #expect(
        wrong.pointers == ["/choosing", "/form/0/name", "/form/0/max", "/entries_per_member"])
      let late = Scene.body("naming", ["closes_at": "2020-01-01T00:00:00Z", "title": ""])
      let dates = try await scene.curator.post(scene.path, late)
      #expect(dates.pointers == ["/title", "/closes_at", "/choosing_from"])
      let other = "/v1/products/\(ProductID.new())/projects"
      #expect(try await scene.curator.post(other, Scene.body()).status == 404)
      #expect(try await client.get(other).status == 404)
      let poor = Recipe(
        parts: [.init(slice: .inventor, ppb: Recipe.whole, policy: .named)], unclaimed: .house)
      let idea = try await client.story.idea(by: client.story.member("bob"))
      let product = try await client.story.accept(
        idea, by: client.story.member("cleo", role: .curator), recipe: poor)
      let none = try await scene.curator.post("/v1/products/\(product)/projects", Scene.body())
      #expect(none.problem == "no-such-slice")
      _ = try await scene.curator.post(
        "/v1/products/\(scene.product)/stages", ["stage": "shelved", "reason": "Too dear."])
      let stopped = try await scene.curator.post(scene.path, Scene.body())
      #expect(stopped.problem == "product-stopped")
    }
  }

  @Test func `members enter, edit, list and take back what they enter`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let path = try await scene.project("naming", ["entries_per_member": 2]) + "/entries"
      let bob = try await client.by(client.story.member("bob"))
      let aria = try await bob.post(path, ["answers": ["name": " Aria "]])
      #expect(aria.status == 201 && aria["number"]?.int == 1)
      #expect(aria["answers"] == ["name": "Aria"] && aria["author_handle"]?.string == "bob")
      let entry = try #require(aria.headers["Location"])
      #expect(try await client.get(entry)["state"]?.string == "entered")
      let twice = try await scene.inventor.post(path, ["answers": ["name": "ARIA"]])
      #expect(twice.problem == "text-taken" && twice.pointers == ["/answers/name"])
      let wrong = try await bob.post(path, ["answers": ["nme": "A"]])
      #expect(wrong.pointers == ["/answers/name", "/answers/nme"])
      #expect(try await bob.post(path).pointers == ["/answers"])
      #expect(try await bob.post(path, ["answers": ["name": "Bell"]]).status == 201)
      #expect(try await bob.post(path, ["answers": ["name": "Cy"]]).problem == "too-many-entries")
      let edited = try await bob.send(.patch, entry, ["answers": ["name": "Arietta"]])
      #expect(edited["answers"] == ["name": "Arietta"] && edited["edited_at"]?.isNull == false)
      let other = try await scene.inventor.send(.patch, entry, ["answers": ["name": "Mine"]])
      #expect(other.problem == "not-author")
      #expect(try await scene.inventor.post("\(entry)/withdrawal").problem == "not-author")
      let page = try await client.get("\(path)?limit=1")
      #expect(page["entries"]?[0]?["number"]?.int == 1)
      let next = try #require(page["next_cursor"]?.string)
      let second = try await client.get("\(path)?limit=1&cursor=\(next)")
      #expect(second["entries"]?[0]?["number"]?.int == 2 && second["next_cursor"] == .null)
      #expect(try await client.get("\(path)?order=random&cursor=\(next)").pointers == ["/cursor"])
      for order in ["random", "random&seed=7"] {
        let mixed = try await client.get("\(path)?order=\(order)")
        #expect(mixed["entries"]?.array?.count == 2)
      }
      #expect(try await client.get("\(path)?order=best").pointers == ["/order"])

      #expect(try await bob.post("\(entry)/withdrawal")["state"]?.string == "withdrawn")
      #expect(try await client.get(entry).status == 404)
      #expect(try await bob.get(entry).status == 200)
      let own = try await bob.get("\(path)/own")["entries"]?.array
      #expect(own?.map { $0["state"]?.string } == ["entered", "withdrawn"])
      let late = try await bob.send(.patch, entry, ["answers": ["name": "X"]])
      #expect(late.problem == "entry-ended")
      let bell = try #require(own?[0]["id"]?.string)
      let mute = try await scene.curator.post("\(path)/\(bell)/removal", ["reason": ""])
      #expect(mute.pointers == ["/reason"])
      let removed = try await scene.curator.post("\(path)/\(bell)/removal", ["reason": "Rude."])
      #expect(removed["state"]?.string == "removed" && removed["reason"]?.string == "Rude.")
      #expect(try await bob.get("\(path)/\(bell)")["reason"]?.string == "Rude.")
      #expect(try await client.get("\(path)/\(EntryID.new())").status == 404)
      try await client.pool.execute(
        "UPDATE projects SET state = 'closed' WHERE product_id = \(scene.product.uuid)")
      #expect(try await bob.post(path, ["answers": ["name": "Late"]]).problem == "entries-closed")
    }
  }

  @Test func `a team shares what its entry earns as all of it have agreed`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let path = try await scene.project() + "/entries"
      let crowd = try await client.story.crowd(2)
      let author = try await client.by(crowd[0])
      let other = try await client.by(crowd[1])
      func makers(_ ppm: [Int64]) -> JSON {
        .array(
          zip(crowd, ppm).map { ["member_id": .string($0.description), "ppm": .int($1)] })
      }
      let wrong = try await author.post(
        path, ["answers": ["name": "Duo"], "makers": makers([1, 2])])
      #expect(wrong.pointers == ["/makers"])
      let made = try await author.post(
        path, ["answers": ["name": "Duo"], "makers": makers([600_000, 400_000])])
      #expect(made["state"]?.string == "waiting")
      #expect(made["makers"]?[0]?["ppm"]?.int == 600_000)
      let entry = try #require(made.headers["Location"])
      #expect(try await client.get(entry).status == 404)
      #expect(try await other.get(entry).status == 200)
      #expect(try await scene.inventor.post("\(entry)/acceptance", ["accept": true]).status == 404)
      #expect(try await other.post("\(entry)/acceptance", ["accept": 1]).status == 422)
      let accepted = try await other.post("\(entry)/acceptance", ["accept": true])
      #expect(accepted["state"]?.string == "entered")
      #expect(
        try await other.post("\(entry)/acceptance", ["accept": false]).problem
          == "answered-before")
      #expect(try await client.get(entry).status == 200)
    }
  }

  @Test func `a project has a thread of its own, which earns nothing of the idea's discussion`()
    async throws
  {
    try await withApplication { client in
      let scene = try await Scene(client)
      let path = try await scene.project() + "/comments"
      let thread = "/v1/ideas/\(IdeaID(uuid: scene.product.uuid))/comments"
      let bob = try await client.by(client.story.member("bob"))
      let about = try await bob.post(thread, ["text": "About the idea"])
      let first = try await bob.post(path, ["text": "Shorter, please"])
      #expect(first.status == 201 && first["project_id"]?.string != nil)
      #expect(about["project_id"] == .null)
      let id = try #require(first["id"]?.string)
      let reply = try await scene.inventor.post(
        path, ["text": "How short?", "parent": .string(id)])
      #expect(reply["depth"]?.int == 2)
      let elsewhere = try await bob.post(thread, ["text": "No", "parent": .string(id)])
      #expect(elsewhere.pointers == ["/parent"])
      let own = try await client.get(path)
      #expect(own["count"]?.int == 2 && own["comments"]?[0]?["reply_count"]?.int == 1)
      #expect(try await client.get(thread)["count"]?.int == 1)
      #expect(try await client.get(thread)["comments"]?.array?.count == 1)

      func earned() async throws -> Int64 {
        try await client.pool.one(
          "SELECT count(*) FROM influence_events WHERE slice = 'idea_discussion'", as: Int64.self)
      }
      #expect(try await scene.inventor.put("/v1/comments/\(id)/helpful")["helpful"]?.int == 1)
      #expect(try await earned() == 0)
      #expect(try await scene.inventor.delete("/v1/comments/\(id)/helpful")["helpful"]?.int == 0)
      let aboutID = try #require(about["id"]?.string)
      #expect(try await scene.inventor.put("/v1/comments/\(aboutID)/helpful").status == 200)
      #expect(try await earned() == 1)

      #expect(try await bob.put("/v1/comments/\(id)/reactions/heart").status == 200)
      #expect(try await bob.send(.patch, "/v1/comments/\(id)", ["text": "Short"]).status == 200)
      let locked = try await scene.curator.put("\(path)/lock", ["reason": "Enough."])
      #expect(locked["locked"]?.bool == true && locked["project_id"]?.string != nil)
      #expect(try await bob.post(path, ["text": "More"]).problem == "conversation-locked")
      #expect(
        try await bob.send(.patch, "/v1/comments/\(id)", ["text": "Shorter"]).problem
          == "conversation-locked")
      #expect(try await bob.post(thread, ["text": "More"]).status == 201)
      #expect(try await scene.curator.delete("\(path)/lock?reason=Calm.").status == 200)
      #expect(try await bob.delete("/v1/comments/\(id)").status == 204)
      #expect(try await client.get(path)["count"]?.int == 1)
      let none = "\(scene.path)/\(ProjectID.new())/comments"
      #expect(try await client.get(none).status == 404)
      #expect(try await bob.post(none, ["text": "Hello"]).status == 404)
      #expect(try await scene.curator.put("\(none)/lock", ["reason": "No."]).status == 404)
    }
  }
}
