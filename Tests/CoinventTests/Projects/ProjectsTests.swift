import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct ProjectsTests {
  struct Scene {
    let pool: Pool
    let story: Story
    let ada: MemberID
    let cora: MemberID
    let product: ProductID

    init(_ pool: Pool, recipe: Recipe = .standard) async throws {
      self.pool = pool
      story = Story(pool)
      ada = try await story.member("ada")
      cora = try await story.member("cora", role: .curator)
      product = try await story.product(by: ada, curator: cora, recipe: recipe)
    }

    func make(_ draft: ProjectDraft, publish: Bool = false) async throws -> MakeProject.Outcome {
      try await pool.transaction {
        try await MakeProject.run(
          draft, of: product, isPublished: publish, by: cora, in: $0)
      }
    }

    func drafted(_ draft: ProjectDraft = Story.draft()) async throws -> Project {
      guard case .made(let project) = try await make(draft) else { throw Surprise("not made") }
      return project
    }

    func edit(_ project: Project, _ change: EditProject.Change, reason: String? = nil)
      async throws -> EditProject.Outcome
    {
      try await pool.transaction {
        try await EditProject.run(
          change, project: project.id, of: product, reason: reason, by: cora, in: $0)
      }
    }

    func publish(_ project: Project, at now: Timestamp = .now) async throws
      -> PublishProject.Outcome
    {
      try await pool.transaction {
        try await PublishProject.run(project.id, of: product, by: cora, at: now, in: $0)
      }
    }

    func cancel(_ project: Project) async throws -> CancelProject.Outcome {
      try await pool.transaction {
        try await CancelProject.run(
          project.id, of: product, reason: "Not now.", by: cora, in: $0)
      }
    }

    func find(_ project: Project) async throws -> Project? {
      try await Project.find(project.id, of: product, in: pool)
    }
  }

  @Test func `a project is drafted, changed, published, closed later, and closes by itself`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let draft = try await scene.drafted()
      #expect(draft.state == .draft && !draft.takesEntries(at: .now))
      #expect(draft.choosingFrom == draft.entriesUntil)
      var change = EditProject.Change()
      change.slice = .tagline
      change.title = " A tagline "
      guard case .edited(let edited) = try await scene.edit(draft, change) else {
        throw Surprise("not edited")
      }
      #expect(edited.title == "A tagline")
      #expect(try EntryForm(edited.form) == .usual(for: .tagline))
      for _ in 0..<2 {
        guard case .published(let open) = try await scene.publish(draft) else {
          throw Surprise("not published")
        }
        #expect(open.state == .open && open.takesEntries(at: .now))
      }
      guard case .open = try await scene.edit(draft, change) else {
        throw Surprise("changed while open")
      }
      let earlier = EditProject.Change(closesAt: draft.closesAt - .seconds(1))
      guard case .open = try await scene.edit(draft, earlier, reason: "Now.") else {
        throw Surprise("closes earlier")
      }
      let later = EditProject.Change(closesAt: draft.closesAt + .seconds(60))
      await #expect(throws: Invalid.self) { _ = try await scene.edit(draft, later) }
      guard case .edited(let extended) = try await scene.edit(draft, later, reason: "Much comes.")
      else { throw Surprise("not extended") }

      let end = extended.closesAt
      #expect(try await CloseProjects.run(at: end - .seconds(1), in: pool) == 0)
      #expect(try await CloseProjects.run(at: end, in: pool) == 1)
      #expect(try await CloseProjects.run(at: end, in: pool) == 0)
      #expect(try await scene.find(draft)?.state == .closed)
      guard case .ended(.closed) = try await scene.edit(draft, later, reason: "More.") else {
        throw Surprise("extended after its end")
      }
      guard case .noDraft(.closed) = try await scene.publish(draft) else {
        throw Surprise("published after its end")
      }
      let told = try await pool.one(
        "SELECT count(*) FROM notices WHERE kind = 'project'", as: Int64.self)
      #expect(told == 1)
    }
  }

  @Test func `a draft that cannot be is refused with every mistake`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let now = Timestamp.now
      let draft = ProjectDraft(
        slice: .inventor, title: " ", brief: "", choosing: .duels, rules: [1],
        entriesPerMember: 0, opensAt: now, entriesUntil: now, choosingFrom: now - .seconds(1),
        closesAt: now - .seconds(1))
      do {
        _ = try await scene.make(draft)
        Issue.record("made")
      } catch let invalid as Invalid {
        #expect(
          invalid.fields.map(\.pointer) == [
            "/title", "/brief", "/slice", "/entries_per_member", "/rules", "/entries_until",
            "/closes_at", "/choosing_from",
          ])
      }
      let poor = Recipe(
        parts: [
          .init(slice: .inventor, ppb: 900_000_000, policy: .named),
          .init(slice: .naming, ppb: 100_000_000, policy: .equal),
        ], unclaimed: .house)
      let idea = try await scene.story.idea(by: scene.ada)
      let other = try await scene.story.accept(idea, by: scene.cora, recipe: poor)
      func make(_ slice: Slice, of product: ProductID) async throws -> MakeProject.Outcome {
        try await pool.transaction {
          try await MakeProject.run(Story.draft(slice), of: product, by: scene.cora, in: $0)
        }
      }
      guard case .noSlice = try await make(.tagline, of: other) else {
        throw Surprise("nothing is earned here")
      }
      guard case .made(let naming) = try await make(.naming, of: other),
        case .unknownProduct = try await make(.naming, of: ProductID.new())
      else { throw Surprise("not made") }
      var change = EditProject.Change()
      change.slice = .design
      let edited = try await pool.transaction {
        try await EditProject.run(change, project: naming.id, of: other, by: scene.cora, in: $0)
      }
      guard case .noSlice = edited else { throw Surprise("\(edited)") }
    }
  }

  @Test func `a product that has stopped takes no projects`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let draft = try await scene.drafted()
      try await scene.story.stage(scene.product, .shelved, reason: "Too dear.")
      guard case .productStopped(.shelved) = try await scene.make(Story.draft()),
        case .productStopped(.shelved) = try await scene.publish(draft)
      else { throw Surprise("it goes on") }
    }
  }

  @Test func `dates that have passed stop a draft, and a cancelled project is over`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let draft = try await scene.drafted()
      await #expect(throws: Invalid.self) {
        _ = try await scene.publish(draft, at: draft.entriesUntil)
      }
      let open = try await scene.story.project(of: scene.product, by: scene.cora)
      for _ in 0..<2 {
        guard case .cancelled(let project) = try await scene.cancel(open) else {
          throw Surprise("not cancelled")
        }
        #expect(project.reason == "Not now." && project.endedAt != nil)
      }
      guard
        case .notTaken = try await scene.story.tryToEnter(
          open, ["name": "Late"], by: scene.ada)
      else { throw Surprise("entered") }
      try await pool.execute(
        "UPDATE projects SET state = 'open' WHERE id = \(draft.id.uuid)")
      for state in ["closed", "decided"] {
        try await pool.execute(
          """
          UPDATE projects SET state = \(state),
            reason = CASE \(state)::text WHEN 'decided' THEN 'So.' END,
            ended_at = CASE \(state)::text WHEN 'decided' THEN now() END
          WHERE id = \(draft.id.uuid)
          """)
      }
      guard case .decided = try await scene.cancel(draft) else { throw Surprise("undone") }
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE projects SET title = 'Other' WHERE id = \(draft.id.uuid)")
      }
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE projects SET state = 'open' WHERE id = \(draft.id.uuid)")
      }
    }
  }

  @Test func `projects are listed by product and over all of them`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let now = Timestamp.now
      var made: [ProjectID] = []
      for hour in 0..<3 as Range<Int64> {
        let draft = Story.draft(at: now + .seconds(3600 * hour))
        made.append(try await scene.story.project(draft, of: scene.product, by: scene.cora).id)
      }
      let hidden = try await scene.drafted(Story.draft(at: now - .seconds(60)))
      let first = try await ListProjects.of(scene.product, drafts: false, limit: 2, in: pool)
      #expect(first.projects.map(\.id) == [made[2], made[1]])
      let rest = try await ListProjects.of(
        scene.product, drafts: true, limit: 2, after: first.next, in: pool)
      #expect(rest.projects.map(\.id) == [made[0], hidden.id] && rest.next == nil)
      let drafts = try await ListProjects.of(
        scene.product, state: .draft, drafts: true, limit: 5, in: pool)
      #expect(drafts.projects.map(\.id) == [hidden.id])
      let all = try await ListProjects.all(state: .open, limit: 5, in: pool)
      #expect(all.projects.map(\.id) == made.reversed())
      let late = now + .seconds(2 * 86_400)
      #expect(
        try await ListProjects.all(state: .open, at: late, limit: 5, in: pool).projects.count == 2)
    }
  }
}
