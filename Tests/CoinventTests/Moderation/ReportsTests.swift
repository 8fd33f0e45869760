import Coinvent
import Postgres
import TestSupport
import Testing

@Suite struct ReportsTests {
  private let start = Timestamp.now + .seconds(60)

  private func report(
    _ thing: ReportedThing, for reason: Report.Reason = .spam, by member: MemberID,
    at now: Timestamp? = nil, in pool: Pool
  ) async throws -> ReportThing.Outcome {
    try await pool.transaction {
      try await ReportThing.run(thing, for: reason, by: member, at: now ?? start, in: $0)
    }
  }

  private func reported(
    _ thing: ReportedThing, for reason: Report.Reason = .spam, by member: MemberID,
    at now: Timestamp? = nil, in pool: Pool
  ) async throws -> CaseID {
    let outcome = try await report(thing, for: reason, by: member, at: now, in: pool)
    guard case .reported(let id) = outcome else { throw Surprise("\(outcome)") }
    return id
  }

  private func resolve(
    _ id: CaseID, _ wish: ResolveCase.Wish, by curator: MemberID, in pool: Pool
  ) async throws -> ResolveCase.Outcome {
    try await pool.transaction {
      try await ResolveCase.run(id, wish, reason: "We looked.", by: curator, at: start, in: $0)
    }
  }

  private func claim(
    _ id: CaseID, _ claimed: Bool = true, by curator: MemberID, role: Role = .curator,
    at now: Timestamp? = nil, in pool: Pool
  ) async throws -> ClaimCase.Outcome {
    try await pool.transaction {
      try await ClaimCase.run(
        id, claimed: claimed, by: curator, role: role, at: now ?? start, in: $0)
    }
  }

  @Test func `reports of a thing are one case, and each member has one in it`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let crowd = try await story.crowd(3)
      let curator = try await story.member("curator", role: .curator)
      let idea = try await story.idea(by: ada)
      let draft = try await story.draft(by: ada)
      let first = try await reported(.idea(idea), by: crowd[0], in: pool)
      #expect(try await reported(.idea(idea), for: .abuse, by: crowd[1], in: pool) == first)
      guard case .alreadyReported(first) = try await report(.idea(idea), by: crowd[0], in: pool),
        case .ownThing = try await report(.idea(idea), by: ada, in: pool),
        case .unknown = try await report(.idea(draft), by: crowd[0], in: pool),
        case .unknown = try await report(.member(.new()), by: crowd[0], in: pool),
        case .unknown = try await report(.comment(.new()), by: crowd[0], in: pool)
      else { throw Surprise("a report is not what it should be") }
      let case1 = try #require(try await Case.find(first, in: pool))
      #expect(case1.reports == 2 && case1.member == ada && case1.idea == idea)
      #expect(case1.reasons.string == #"{ "abuse" : 1, "spam" : 1 }"#)
      #expect(try await Report.all(of: first, in: pool).count == 2)
      // What comes after the decision is another case.
      _ = try await resolve(first, .dismiss, by: curator, in: pool)
      #expect(try await reported(.idea(idea), by: crowd[0], in: pool) != first)
    }
  }

  @Test func `many report at once and all are counted`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let crowd = try await story.crowd(20)
      let idea = try await story.idea(by: ada)
      let cases = try await withThrowingTaskGroup(of: CaseID.self) { group in
        for member in crowd {
          group.addTask { try await reported(.idea(idea), by: member, in: pool) }
        }
        return try await group.reduce(into: Set<CaseID>()) { $0.insert($1) }
      }
      #expect(cases.count == 1)
      let only = try #require(cases.first)
      #expect(try await Case.find(only, in: pool)?.reports == 20)
    }
  }

  @Test func `a member reports twenty things a day`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let crowd = try await story.crowd(Report.dailyLimit + 1)
      for member in crowd.dropLast() {
        _ = try await reported(.member(member), by: ada, in: pool)
      }
      guard case .tooMany = try await report(.member(crowd[20]), by: ada, in: pool) else {
        throw Surprise("there is no limit")
      }
      let tomorrow = start + .seconds(86_400)
      _ = try await reported(.member(crowd[20]), by: ada, at: tomorrow, in: pool)
    }
  }

  @Test func `cases are listed by age or by reports, page by page`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let crowd = try await story.crowd(3)
      let idea = try await story.idea(by: ada)
      let old = try await reported(.member(crowd[0]), by: crowd[1], in: pool)
      let middle = try await reported(
        .idea(idea), by: crowd[0], at: start + .seconds(1), in: pool)
      _ = try await reported(.idea(idea), by: crowd[1], at: start + .seconds(1), in: pool)
      let last = try await reported(.member(ada), by: crowd[1], at: start + .seconds(2), in: pool)
      for (order, expected) in [
        (ListCases.Order.oldest, [old, middle, last]), (.mostReported, [middle, last, old]),
      ] {
        var seen: [CaseID] = []
        var cursor: TimeCursor?
        repeat {
          let page = try await ListCases.run(order, limit: 1, after: cursor, in: pool)
          seen += page.cases.map(\.id)
          cursor = page.next.flatMap { TimeCursor($0.text) }
        } while cursor != nil
        #expect(seen == expected)
      }
      let ideas = try await ListCases.run(kind: .idea, in: pool)
      #expect(ideas.cases.map(\.id) == [middle])
    }
  }

  @Test func `a claim keeps others away for a day, and admins take it`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let one = try await story.member("one", role: .curator)
      let two = try await story.member("two", role: .curator)
      let admin = try await story.member("admin", role: .admin)
      let id = try await reported(.member(ada), by: bob, in: pool)
      guard case .done = try await claim(id, by: one, in: pool),
        case .done = try await claim(id, by: one, in: pool),
        case .claimedByAnother(one) = try await claim(id, by: two, in: pool),
        case .claimedByAnother(one) = try await claim(id, false, by: two, in: pool),
        case .claimedByAnother(one) = try await resolve(id, .dismiss, by: two, in: pool),
        case .done = try await claim(id, by: admin, role: .admin, in: pool),
        case .claimedByAnother(admin) = try await claim(id, by: one, in: pool),
        case .done = try await claim(id, by: one, at: start + .seconds(86_400), in: pool),
        case .done = try await claim(
          id, false, by: one, at: start + .seconds(86_400), in: pool),
        case .resolved = try await resolve(id, .dismiss, by: two, in: pool),
        case .resolved = try await claim(id, by: one, in: pool),
        case .unknown = try await claim(.new(), by: one, in: pool)
      else { throw Surprise("a claim is not what it should be") }
    }
  }

  @Test func `a resolution does what it says, once`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let curator = try await story.member("curator", role: .curator)
      let other = try await story.member("other", role: .curator)
      let idea = try await story.idea(by: ada)
      let posted = try await pool.transaction {
        try await PostComment.run("Buy this.", on: idea, by: ada, in: $0)
      }
      guard case .posted(let comment) = posted else { throw Surprise("\(posted)") }
      let warned = try await reported(.comment(comment.id), by: bob, in: pool)
      guard case .resolved = try await resolve(warned, .warn, by: curator, in: pool) else {
        throw Surprise("nobody is warned")
      }
      let removed = try await reported(.comment(comment.id), by: bob, in: pool)
      for _ in 1...2 {
        guard case .resolved(let found) = try await resolve(removed, .remove, by: curator, in: pool)
        else { throw Surprise("the comment stays") }
        #expect(found.resolution?.action == .remove)
      }
      guard case .alreadyResolved = try await resolve(removed, .dismiss, by: other, in: pool),
        case .alreadyResolved = try await resolve(removed, .warn, by: curator, in: pool)
      else { throw Surprise("a case is decided twice") }
      #expect(try await Comment.find(comment.id, in: pool)?.state == .removed)

      let whole = try await reported(.idea(idea), by: bob, in: pool)
      guard case .resolved = try await resolve(whole, .remove, by: curator, in: pool) else {
        throw Surprise("the idea stays")
      }
      guard case .unknown = try await report(.idea(idea), by: bob, in: pool) else {
        throw Surprise("what is removed is reported")
      }
      let person = try await reported(.member(ada), by: bob, in: pool)
      guard case .doesNotFit(.remove) = try await resolve(person, .remove, by: curator, in: pool),
        case .resolved = try await resolve(
          person, .ban(.all, until: nil), by: curator, in: pool),
        case .unknown = try await resolve(.new(), .dismiss, by: curator, in: pool)
      else { throw Surprise("a resolution is not what it should be") }
      await #expect(throws: Banned.self) {
        try await report(.member(bob), by: ada, in: pool)
      }
      let official = try await reported(.member(other), by: bob, in: pool)
      guard
        case .protected = try await resolve(
          official, .ban(.all, until: nil), by: curator, in: pool)
      else { throw Surprise("a curator bans a curator") }
      #expect(try await Case.find(official, in: pool)?.resolution == nil)

      var filter = ReadAudit.Filter()
      filter.action = "case_resolved"
      let things = try await ReadAudit.run(filter, in: pool).map(\.thing)
      let id = comment.id.description
      #expect(things == [ada.description, idea.description, id, id])
      let moderated = try await pool.one(
        "SELECT count(*) FROM notices WHERE kind = 'moderation'", as: Int64.self)
      #expect(moderated == 2)
    }
  }

  @Test func `who was reported as a member is warned and banned, each on record`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let curator = try await story.member("curator", role: .curator)
      for wish in [ResolveCase.Wish.warn, .ban(.all, until: nil)] {
        let id = try await reported(.member(ada), by: bob, in: pool)
        guard case .resolved = try await resolve(id, wish, by: curator, in: pool) else {
          throw Surprise("the case stays open")
        }
      }
      let told = try await pool.all("SELECT detail FROM member_notices", as: String.self)
      #expect(
        Set(told) == [
          "You are warned: We looked.",
          "You are banned from taking part until this is lifted: We looked.",
        ])
      var filter = ReadAudit.Filter()
      filter.action = "case_resolved"
      #expect(
        try await ReadAudit.run(filter, in: pool).map(\.thing) == [ada, ada].map(\.description))
    }
  }

  @Test func `an idea that has ended is not removed, and its case stays open`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let curator = try await story.member("curator", role: .curator)
      let idea = try await story.idea(by: ada)
      try await story.decide(.decline, idea, by: curator)
      let id = try await reported(.idea(idea), by: bob, in: pool)
      guard case .notRemovable(.declined) = try await resolve(id, .remove, by: curator, in: pool)
      else { throw Surprise("a declined idea is removed") }
      #expect(try await Case.find(id, in: pool)?.resolution == nil)
    }
  }
}
