import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct BriefsTests {
  private static let hour = Duration.seconds(3600)

  /// A brief that opened an hour ago and closes in an hour.
  private func brief(
    _ story: Story, by curator: MemberID, hidden: Bool = false, opensIn: Duration = .seconds(-3600),
    at now: Timestamp = .now
  ) async throws -> Brief {
    try await story.pool.transaction {
      try await MakeBrief.run(
        Brief.Texts(
          title: "Cables", theme: "Tame **them**.", opensAt: now + opensIn,
          closesAt: now + opensIn + Self.hour + Self.hour, isHidden: hidden),
        by: curator, at: now, in: $0)
    }
  }

  private func people(_ story: Story) async throws -> (ada: MemberID, curator: MemberID) {
    (try await story.member("ada"), try await story.member("curator", role: .curator))
  }

  @Test func `an idea answers a brief while it is open, and for free`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, curator) = try await people(story)
      try await story.fee("10.00", by: curator)
      let brief = try await brief(story, by: curator)
      let idea = try await story.submitted(by: ada, wish: .init(brief: brief.id))
      #expect(idea.state == .open && idea.brief == brief.id)
      #expect(try await IdeaFee.of(idea.id, in: pool) == nil)
      for moment in [brief.texts.opensAt - .seconds(1), brief.texts.closesAt] {
        let outcome = try await story.submit(by: ada, wish: .init(brief: brief.id), at: moment)
        guard case .refused(.briefNotOpen) = outcome else { throw Surprise("\(outcome)") }
      }
      let unknown = try await story.submit(by: ada, wish: .init(brief: .new()))
      guard case .refused(.unknownBrief) = unknown else { throw Surprise("\(unknown)") }
      let all = try await Brief.ideas(
        of: brief.id, for: nil, isCurator: false, limit: 20, in: pool)
      #expect(all.ideas.map(\.id) == [idea.id])
    }
  }

  @Test func `a draft keeps its brief, or names it when it is submitted`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, curator) = try await people(story)
      let early = try await brief(story, by: curator, opensIn: Self.hour)
      let open = try await brief(story, by: curator)
      let draft = try await story.submitted(by: ada, as: .draft, wish: .init(brief: early.id))
      #expect(draft.brief == early.id)
      func submit(_ brief: BriefID?) async throws -> OpenDraft.Outcome {
        try await pool.transaction {
          try await OpenDraft.run(draft.id, wish: .init(brief: brief), by: ada, in: $0)
        }
      }
      guard case .refused(.briefNotOpen) = try await submit(nil) else {
        throw Surprise("it is not open yet")
      }
      guard case .opened(let idea) = try await submit(open.id) else { throw Surprise("not open") }
      #expect(idea.state == .open && idea.brief == open.id)
      let nothing = try await story.submit(by: ada, as: .draft, wish: .init(brief: .new()))
      guard case .refused(.unknownBrief) = nothing else { throw Surprise("\(nothing)") }
    }
  }

  @Test func `a hidden brief's ideas are nobody's business until it closes`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, curator) = try await people(story)
      let bob = try await story.member("bob")
      let start = Timestamp.now
      let brief = try await brief(story, by: curator, hidden: true, at: start)
      let idea = try await story.submitted(by: ada, wish: .init(brief: brief.id), at: start)
      #expect(idea.state == .submitted)
      #expect(try await story.vote(bob, for: idea.id).outcome == .closedIdea)
      #expect(try await SearchIdeas.run("tangles", in: pool).hits.isEmpty)
      #expect(try await SimilarIdeas.run("A cable that never tangles", in: pool).isEmpty)
      #expect(try await ListIdeas.run(in: pool).ideas.isEmpty)
      func seen(_ reader: MemberID?, isCurator: Bool = false) async throws -> Int {
        try await Brief.ideas(
          of: brief.id, for: reader, isCurator: isCurator, limit: 20, in: pool
        ).ideas.count
      }
      #expect(try await seen(nil) == 0)
      #expect(try await seen(bob) == 0)
      #expect(try await seen(ada) == 1)
      #expect(try await seen(curator, isCurator: true) == 1)
      let early = try await story.move(idea.id, to: .open, by: curator, at: start)
      guard case .notAllowed(.submitted) = early else { throw Surprise("\(early)") }
      let error = await #expect(throws: DatabaseError.self) {
        try await pool.execute(
          """
          UPDATE ideas SET state = 'open', changes = changes + 1, opened_at = \(start)
          WHERE id = \(idea.id.uuid)
          """)
      }
      #expect(error?.constraint == "ideas_brief_hides")
      #expect(try await OpenAnswers.run(at: start, in: pool) == 0)

      let opened = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<4 {
          group.addTask { try await OpenAnswers.run(at: brief.texts.closesAt, in: pool) }
        }
        return try await group.reduce(0, +)
      }
      #expect(opened == 1)
      let now = try #require(try await FindIdeas.run([idea.id], in: pool)[0])
      #expect(now.state == .open && now.openedAt == brief.texts.closesAt)
      #expect(try await seen(nil) == 1)
      #expect(try await story.vote(bob, for: idea.id).outcome == .done)
    }
  }

  @Test func `where a curator opens ideas a closed brief opens none`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, curator) = try await people(story)
      let brief = try await brief(story, by: curator, hidden: true)
      let idea = try await story.submitted(by: ada, as: .submitted, wish: .init(brief: brief.id))
      let later = brief.texts.closesAt
      #expect(try await OpenAnswers.run(at: later, in: pool) == 0)
      guard case .moved = try await story.move(idea.id, to: .open, by: curator, at: later) else {
        throw Surprise("a curator should open it")
      }
    }
  }

  @Test(arguments: [Idea.State.withdrawn, .declined])
  func `what ended before it was open stays its author's`(end: Idea.State) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, curator) = try await people(story)
      let brief = try await brief(story, by: curator, hidden: true)
      let idea = try await story.submitted(by: ada, wish: .init(brief: brief.id))
      _ = try await story.edit(idea.id, .init(tags: ["secret"]), by: ada)
      let seen = try await story.idea(by: ada, title: "A mug that stays warm")
      for one in [idea.id, seen] {
        if end == .withdrawn {
          try await story.takeBack(one, by: ada)
        } else {
          try await story.move(one, to: end, by: curator)
        }
      }
      let found = try #require(try await FindIdeas.run([idea.id], in: pool)[0])
      #expect(found.isNeverOpen && found.isHidden)
      for sort in ListIdeas.Sort.allCases {
        #expect(
          try await ListIdeas.run(state: end, sort: sort, in: pool).ideas.map(\.id) == [seen])
        let tagged = try await ListIdeas.filtered(
          IdeaFilter(tag: "secret"), state: end, sort: sort, in: pool)
        #expect(tagged.ideas.isEmpty)
        let sorted = try await ListIdeas.filtered(
          IdeaFilter(category: "home"), state: end, sort: sort, in: pool)
        #expect(sorted.ideas.map(\.id) == [seen])
      }
      let hits = try await SearchIdeas.run("tangles", state: end, in: pool).hits
      #expect(hits.map(\.idea.id) == [seen])
      #expect(try await SimilarIdeas.run("A cable that never tangles", in: pool).isEmpty)
      #expect(try await ListTags.run(in: pool).isEmpty)
      #expect(Set(try await LiveCounts.of([idea.id, seen], in: pool).keys) == [seen])
      let shown = try await Brief.ideas(
        of: brief.id, for: nil, isCurator: false, limit: 20, in: pool)
      #expect(shown.ideas.isEmpty)
    }
  }

  @Test func `a brief changes until it opens; then it only closes later, with a reason`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (_, curator) = try await people(story)
      let start = Timestamp.now
      let brief = try await brief(story, by: curator, opensIn: Self.hour, at: start)
      func edit(
        _ change: EditBrief.Change, reason: String? = nil, at now: Timestamp
      ) async throws -> EditBrief.Outcome {
        try await pool.transaction {
          try await EditBrief.run(
            change, brief: brief.id, reason: reason, by: curator, at: now, in: $0)
        }
      }
      var title = EditBrief.Change()
      title.title = "Cables and cords"
      guard case .edited(let edited) = try await edit(title, at: start) else {
        throw Surprise("it should change")
      }
      #expect(edited.texts.title == "Cables and cords")
      await #expect(throws: Invalid.self) {
        try await edit(.init(closesAt: brief.texts.opensAt), at: start)
      }
      let open = brief.texts.opensAt + .seconds(1)
      let later = brief.texts.closesAt + Self.hour
      guard case .opened = try await edit(title, at: open) else { throw Surprise("title") }
      guard case .opened = try await edit(.init(closesAt: open + .seconds(1)), at: open) else {
        throw Surprise("earlier")
      }
      await #expect(throws: Invalid.self) { try await edit(.init(closesAt: later), at: open) }
      let extended = try await edit(.init(closesAt: later), reason: "Much is coming.", at: open)
      guard case .edited(let long) = extended else { throw Surprise("\(extended)") }
      #expect(long.texts.closesAt == later)
      let why = try await BriefExtension.of(brief.id, in: pool)
      #expect(why.map(\.reason) == ["Much is coming."])
      #expect(why.first?.closedAt == brief.texts.closesAt)
      let late = try await edit(.init(closesAt: later + Self.hour), reason: "Again.", at: later)
      guard case .closed = late else { throw Surprise("\(late)") }
      let unknown = try await pool.transaction {
        try await EditBrief.run(title, brief: .new(), by: curator, in: $0)
      }
      guard case .unknown = unknown else { throw Surprise("\(unknown)") }
    }
  }

  @Test func `an open brief is guarded by the database too`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (_, curator) = try await people(story)
      _ = try await brief(story, by: curator)
      for change: Query in [
        "UPDATE briefs SET rules = 'others'",
        "UPDATE briefs SET closes_at = closes_at - interval '1 minute'",
      ] {
        let error = await #expect(throws: DatabaseError.self) { try await pool.execute(change) }
        #expect(error?.constraint == "briefs_opened")
      }
      let gone = await #expect(throws: DatabaseError.self) {
        try await pool.execute("DELETE FROM briefs")
      }
      #expect(gone?.sqlState == "23001")
    }
  }

  @Test func `faults of a brief are named`() {
    let now = Timestamp.now
    let texts = Brief.Texts(
      title: "", theme: "", rules: String(repeating: "x", count: 10_001), opensAt: now,
      closesAt: now, award: nil, awardAmount: Amount(nanos: 0, currency: Story.dollars))
    #expect(
      texts.faults.map(\.pointer)
        == ["/title", "/theme", "/rules", "/closes_at", "/award", "/award_amount"])
  }
}
