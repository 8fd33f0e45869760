import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct EntriesTests {
  typealias Scene = ProjectsTests.Scene

  private func find(_ id: EntryID, _ project: Project, _ pool: Pool) async throws -> ProjectEntry {
    try #require(try await ProjectEntry.find(id, of: project.product, in: pool))
  }

  private func edit(
    _ id: EntryID, _ answers: JSON, _ project: Project, by author: MemberID, _ pool: Pool,
    at now: Timestamp = .now
  ) async throws -> EditEntry.Outcome {
    try await pool.transaction {
      try await EditEntry.run(
        id, answers: answers, in: project.id, of: project.product, by: author, at: now, tx: $0)
    }
  }

  private func withdraw(
    _ id: EntryID, _ project: Project, by author: MemberID, _ pool: Pool, at now: Timestamp = .now
  ) async throws -> EndEntry.Outcome {
    try await pool.transaction {
      try await EndEntry.withdraw(
        id, in: project.id, of: project.product, by: author, at: now, tx: $0)
    }
  }

  private func remove(_ id: EntryID, _ project: Project, by curator: MemberID, _ pool: Pool)
    async throws -> EndEntry.Outcome
  {
    try await pool.transaction {
      try await EndEntry.remove(
        id, in: project.id, of: project.product, reason: "Rude.", by: curator, tx: $0)
    }
  }

  @Test func `a member enters, changes and takes back, within the limit and in time`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let story = scene.story
      let bob = try await story.member("bob")
      let project = try await story.project(
        Story.draft(entriesPerMember: 2), of: scene.product, by: scene.cora)
      let aria = try await story.enter(project, ["name": " Aria "], by: bob)
      let entry = try await find(aria, project, pool)
      #expect(entry.number == 1 && entry.state == .entered)
      #expect(entry.answers.string == #"{"name":"Aria"}"#)
      let makers = try await EntryMaker.of([entry], in: pool)[aria] ?? []
      #expect(makers.map(\.ppm) == [1_000_000] && makers[0].acceptedAt != nil)
      let bell = try await story.enter(project, ["name": "Bell"], by: bob)
      guard
        case .limitReached(bob, limit: 2) = try await story.tryToEnter(
          project, ["name": "Cora"], by: bob)
      else { throw Surprise("too many") }
      guard case .ended = try await withdraw(bell, project, by: bob, pool),
        case .ended = try await withdraw(bell, project, by: bob, pool)
      else { throw Surprise("not withdrawn") }
      // What was taken back is free again, for everybody.
      let again = try await story.enter(project, ["name": "bell"], by: bob)
      #expect(try await find(again, project, pool).number == 3)

      guard
        case .edited(let edited) = try await edit(
          aria, ["name": "ARIA"], project, by: bob, pool)
      else { throw Surprise("not edited") }
      #expect(edited.editedAt != nil && edited.answers.string == #"{"name":"ARIA"}"#)
      guard
        case .textTaken(field: "name") = try await edit(
          aria, ["name": "Bell"], project, by: bob, pool),
        case .notAuthor = try await edit(aria, ["name": "X"], project, by: scene.ada, pool),
        case .ended(.withdrawn) = try await edit(bell, ["name": "X"], project, by: bob, pool),
        case .unknown = try await edit(EntryID.new(), ["name": "X"], project, by: bob, pool),
        case .notAuthor = try await withdraw(aria, project, by: scene.ada, pool)
      else { throw Surprise("not refused") }
      await #expect(throws: Invalid.self) {
        _ = try await edit(aria, ["name": ""], project, by: bob, pool)
      }

      let end = project.entriesUntil
      guard
        case .notTaken = try await story.tryToEnter(
          project, ["name": "Late"], by: scene.ada, at: end),
        case .notTaken = try await edit(aria, ["name": "Late"], project, by: bob, pool, at: end),
        case .notTaken = try await story.tryToEnter(
          project, ["name": "Early"], by: scene.ada, at: project.opensAt - .seconds(1))
      else { throw Surprise("out of time") }
      guard
        case .notOpen(.closed) = try await withdraw(
          aria, project, by: bob, pool, at: project.closesAt)
      else { throw Surprise("withdrawn after the end") }
    }
  }

  @Test func `a name is entered once, however it is written`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let project = try await scene.story.project(of: scene.product, by: scene.cora)
      let bob = try await scene.story.member("bob")
      try await scene.story.enter(project, ["name": "Café  Noir"], by: scene.ada)
      for name in ["café noir", " CAFÉ NOIR ", "Cafe\u{301} Noir", "Ｃafé Noir"] {
        guard
          case .textTaken(wish: 0, field: "name") = try await scene.story.tryToEnter(
            project, ["name": .string(name)], by: bob)
        else { throw Surprise("\(name) was entered twice") }
      }
      try await scene.story.enter(project, ["name": "Cafe Noir"], by: bob)
      let other = try await scene.story.project(of: scene.product, by: scene.cora)
      try await scene.story.enter(other, ["name": "Café Noir"], by: bob)
    }
  }

  @Test func `a curator removes an entry with a reason, and its makers hear why`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let bob = try await scene.story.member("bob")
      let project = try await scene.story.project(
        Story.draft(entriesPerMember: 1), of: scene.product, by: scene.cora)
      let id = try await scene.story.enter(project, ["name": "Rude"], by: bob)
      for _ in 0..<2 {
        guard case .ended(let entry) = try await remove(id, project, by: scene.cora, pool) else {
          throw Surprise("not removed")
        }
        #expect(entry.state == .removed)
      }
      let told = try await pool.one(
        "SELECT detail FROM notices WHERE subject = \(id.uuid)", as: String.self)
      #expect(told == "Your entry was removed: Rude.")
      guard case .endedBefore(.removed) = try await withdraw(id, project, by: bob, pool) else {
        throw Surprise("withdrawn")
      }
      // What was removed counts: nobody gets another one for it.
      guard
        case .limitReached = try await scene.story.tryToEnter(
          project, ["name": "Other"], by: bob)
      else { throw Surprise("entered again") }
      guard case .unknown = try await remove(EntryID.new(), project, by: scene.cora, pool) else {
        throw Surprise("removed nothing")
      }
    }
  }

  @Test func `a team's entry takes part once everybody has accepted`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let story = scene.story
      let crowd = try await story.crowd(3)
      let project = try await story.project(of: scene.product, by: scene.cora)
      let team = EntryTeam([
        .init(crowd[0], ppm: 500_000), .init(crowd[1], ppm: 300_000), .init(crowd[2], ppm: 200_000),
      ])
      let id = try await story.enter(project, ["name": "Trio"], by: crowd[0], team: team)
      #expect(try await find(id, project, pool).state == .waiting)
      #expect(try await ListEntries.run(of: project, limit: 10, in: pool).entries.isEmpty)
      #expect(try await ListEntries.made(by: crowd[2], in: project, pool).map(\.id) == [id])
      let told = try await pool.one(
        "SELECT recipients FROM notices WHERE kind = 'team_entry'", as: [UUID].self)
      #expect(Set(told) == [crowd[1].uuid, crowd[2].uuid])
      guard case .unknown = try await story.answer(id, true, in: project, by: scene.ada) else {
        throw Surprise("a stranger answers")
      }
      for _ in 0..<2 {
        guard
          case .answered(let entry) = try await story.answer(
            id, true, in: project, by: crowd[1])
        else { throw Surprise("not accepted") }
        #expect(entry.state == .waiting)
      }
      guard
        case .answeredBefore(accepted: true) = try await story.answer(
          id, false, in: project, by: crowd[1])
      else { throw Surprise("a change of mind") }
      guard
        case .notTaken = try await story.answer(
          id, true, in: project, by: crowd[2], at: project.entriesUntil)
      else { throw Surprise("accepted late") }
      guard case .answered(let entry) = try await story.answer(id, true, in: project, by: crowd[2])
      else { throw Surprise("not accepted") }
      #expect(entry.state == .entered)

      let second = try await story.enter(project, ["name": "Duo"], by: crowd[0], team: team)
      guard
        case .answered(let declined) = try await story.answer(
          second, false, in: project, by: crowd[2]),
        case .ended(.withdrawn) = try await story.answer(second, true, in: project, by: crowd[1])
      else { throw Surprise("not declined") }
      #expect(declined.state == .withdrawn)
      try await story.enter(project, ["name": "duo"], by: crowd[1])

      let third = try await story.enter(project, ["name": "Late"], by: crowd[0], team: team)
      #expect(try await CloseProjects.run(at: project.closesAt, in: pool) == 1)
      #expect(try await find(third, project, pool).state == .withdrawn)
    }
  }

  @Test func `a split that is none is refused, and one that stands never changes`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let bob = try await scene.story.member("bob")
      let project = try await scene.story.project(of: scene.product, by: scene.cora)
      let wrong: [(EntryTeam, [String])] = [
        (EntryTeam([.init(bob, ppm: 999_999)]), ["/makers"]),
        (EntryTeam([.init(scene.ada, ppm: 1_000_000)]), ["/makers"]),
        (
          EntryTeam([.init(bob, ppm: 500_000), .init(bob, ppm: 500_000)]),
          ["/makers/1/member_id"]
        ),
        (EntryTeam([.init(bob, ppm: 1_000_000), .init(scene.ada, ppm: 0)]), ["/makers/1/ppm"]),
      ]
      for (team, pointers) in wrong {
        do {
          try await scene.story.enter(project, ["name": "Duo"], by: bob, team: team)
          Issue.record("entered")
        } catch let invalid as Invalid {
          #expect(invalid.fields.map(\.pointer) == pointers)
        }
      }
      let stranger = MemberID.new()
      let strange = EntryTeam([.init(bob, ppm: 1), .init(stranger, ppm: 999_999)])
      guard
        case .unknownMember(wish: 0, stranger) = try await scene.story.tryToEnter(
          project, ["name": "Duo"], by: bob, team: strange)
      else { throw Surprise("a stranger earns") }
      let team = EntryTeam([.init(bob, ppm: 1), .init(scene.ada, ppm: 999_999)])
      try await scene.story.enter(project, ["name": "Duo"], by: bob, team: team)
      for sql in [
        "UPDATE entry_makers SET ppm = 500000", "DELETE FROM entry_makers",
        "UPDATE entry_makers SET accepted_at = NULL",
      ] {
        await #expect(throws: DatabaseError.self) {
          try await pool.execute(Query(unsafeSQL: sql))
        }
      }
    }
  }

  @Test func `of many who enter at once nobody gets past the limit, and no name is there twice`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let crowd = try await scene.story.crowd(4)
      let project = try await scene.story.project(
        Story.draft(entriesPerMember: 2), of: scene.product, by: scene.cora)
      let outcomes = try await withThrowingTaskGroup(of: EnterProject.Outcome.self) { group in
        for number in 0..<40 {
          group.addTask {
            try await scene.story.tryToEnter(
              project, ["name": .string("Name \(number / 4 % 5)")], by: crowd[number % 4])
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      var entered = 0
      for outcome in outcomes {
        if case .entered = outcome { entered += 1 }
      }
      let (entries, names, most) = try await pool.one(
        """
        SELECT count(*), count(DISTINCT answers), (
          SELECT max(n) FROM (SELECT count(*) AS n FROM project_entries GROUP BY author_id) AS c)
        FROM project_entries
        """, as: (Int64, Int64, Int64).self)
      #expect(entered == 5 && entries == 5 && names == 5 && most <= 2)
      let numbers = try await pool.all(
        "SELECT number FROM project_entries ORDER BY number", as: Int32.self)
      #expect(numbers == Array(1...5))
    }
  }

  @Test func `the database holds the limit, the time and the numbers by itself`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let project = try await scene.story.project(
        Story.draft(entriesPerMember: 1), of: scene.product, by: scene.cora)
      func insert(_ number: Int32, _ author: MemberID, at: Timestamp) async throws {
        try await pool.execute(
          """
          INSERT INTO project_entries (product_id, project_id, id, number, author_id, answers,
                                       state, entered_at)
          VALUES (\(project.product.uuid), \(project.id.uuid), \(EntryID.new().uuid), \(number),
                  \(author.uuid), '{}', 'entered', \(at))
          """)
      }
      try await insert(1, scene.ada, at: project.opensAt)
      await #expect(throws: DatabaseError.self) {
        try await insert(2, scene.ada, at: project.opensAt)
      }
      await #expect(throws: DatabaseError.self) {
        try await insert(1, scene.cora, at: project.opensAt)
      }
      await #expect(throws: DatabaseError.self) {
        try await insert(2, scene.cora, at: project.entriesUntil)
      }
      try await insert(2, scene.cora, at: project.opensAt)
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE project_entries SET number = number + 2")
      }
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE project_entries SET state = 'waiting'")
      }
    }
  }

  @Test func `thousands are entered at once, and read in an order of one's own`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let crowd = try await scene.story.crowd(5)
      let project = try await scene.story.project(
        Story.draft(entriesPerMember: 1000), of: scene.product, by: scene.cora)
      let wishes = (0..<4659).map {
        EnterProject.Wish(crowd[$0 % 5], ["name": .string("Name \($0)")])
      }
      let start = ContinuousClock.now
      let outcome = try await pool.transaction {
        try await EnterProject.many(wishes, in: project.id, of: project.product, tx: $0)
      }
      guard case .entered(let ids) = outcome else { throw Surprise("\(outcome)") }
      #expect(ids.count == 4659 && ContinuousClock.now - start < .seconds(20))
      let twice = try await pool.transaction {
        try await EnterProject.many(
          [.init(scene.ada, ["name": "New"]), .init(scene.ada, ["name": "new"])], in: project.id,
          of: project.product, tx: $0)
      }
      guard case .textTaken(wish: 1, field: "name") = twice else { throw Surprise("\(twice)") }

      let own = try await all(project, .random(seed: "ada"), pool)
      #expect(own.sorted() == Array(1...4659) && own != own.sorted())
      #expect(try await all(project, .random(seed: "ada"), pool) == own)
      #expect(try await all(project, .random(seed: "bob"), pool) != own)
      #expect(try await all(project, .number, pool) == own.sorted())
    }
  }

  private func all(_ project: Project, _ order: ListEntries.Order, _ pool: Pool) async throws
    -> [Int64]
  {
    var numbers: [Int64] = []
    var cursor: EntryCursor?
    repeat {
      let page = try await ListEntries.run(
        of: project, order: order, limit: 500, after: cursor, in: pool)
      numbers += page.entries.map(\.number)
      cursor = page.next.flatMap { EntryCursor($0.text, order: order) }
      #expect((cursor == nil) == (page.next == nil))
    } while cursor != nil
    return numbers
  }

  @Test func `what is entered meanwhile does not disturb an order, nor does what is taken back`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let project = try await scene.story.project(
        Story.draft(entriesPerMember: 100), of: scene.product, by: scene.cora)
      var ids: [EntryID] = []
      for number in 0..<16 {
        ids.append(
          try await scene.story.enter(
            project, ["name": .string("Name \(number)")], by: scene.ada))
      }
      let order = ListEntries.Order.random(seed: "ada")
      let first = try await ListEntries.run(of: project, order: order, limit: 4, in: pool)
      for number in 16..<40 {
        try await scene.story.enter(project, ["name": .string("Name \(number)")], by: scene.ada)
      }
      let gone = try #require(ids.first { id in !first.entries.contains { $0.id == id } })
      _ = try await withdraw(gone, project, by: scene.ada, pool)
      var seen = first.entries.map(\.id)
      var cursor = first.next
      while let place = cursor {
        let page = try await ListEntries.run(
          of: project, order: order, limit: 4, after: place, in: pool)
        seen += page.entries.map(\.id)
        cursor = page.next
      }
      #expect(Set(seen) == Set(ids).subtracting([gone]) && seen.count == 15)
    }
  }
}
