import Coinvent
import Postgres
import TestSupport
import Testing

@Suite struct EvaluationsTests {
  static let day = Timestamp(rfc3339: "2026-03-01T12:00:00Z") ?? .now

  @Test func `a plan names all its faults`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let curator = try await story.member("curator", role: .curator)
      let open = try await story.idea(by: story.member("ada"))
      func faults(_ plan: PlanEvaluation.Plan) async throws -> [String] {
        do {
          _ = try await pool.transaction {
            try await PlanEvaluation.make(plan, by: curator, in: $0)
          }
          return []
        } catch let invalid as Invalid {
          return invalid.fields.map(\.pointer)
        }
      }
      let bad = PlanEvaluation.Plan(
        title: " ", startsAt: Self.day, endsAt: Self.day,
        criteria: [
          .init(name: "fun", scale: 1, description: "Is it?"),
          .init(name: "fun", scale: 5, description: ""),
        ], agenda: [open, open])
      #expect(
        try await faults(bad) == [
          "/title", "/ends_at", "/criteria/0/scale", "/criteria/1/name",
          "/criteria/1/description", "/agenda/1",
        ])
      #expect(try await faults(story.plan([])) == ["/agenda"])
      #expect(try await faults(story.plan([open])) == ["/agenda/0"])
      #expect(try await faults(story.plan([.new()])) == ["/agenda/0"])
    }
  }

  @Test func `starting moves all ideas into evaluation, or none`() async throws {
    try await withDatabase { pool in
      let (story, curator, ideas) = try await scene(pool, ideas: 3)
      let session = try await story.planned(ideas, by: curator)
      try await story.move(ideas[1], to: .open, by: curator)
      guard case .unfit(let unfit) = try await story.start(session, by: curator) else {
        throw Surprise("an open idea is not evaluated")
      }
      #expect(unfit.map(\.place) == [1] && unfit.map(\.state) == [.open])
      #expect(try await story.states(ideas) == [.inReview, .open, .inReview])

      let changed = try await pool.transaction {
        try await PlanEvaluation.change(
          session, to: story.plan([ideas[2], ideas[0]]), by: curator, in: $0)
      }
      guard case .changed(let plan) = changed else { throw Surprise("\(changed)") }
      #expect(plan.agenda.map(\.idea) == [ideas[2], ideas[0]])
      guard case .started = try await story.start(session, by: curator) else {
        throw Surprise("the agenda is fit")
      }
      #expect(try await story.states(ideas) == [.inEvaluation, .open, .inEvaluation])
      guard case .notPlanned(.live) = try await story.start(session, by: curator) else {
        throw Surprise("it is live already")
      }
      let again = try await pool.transaction {
        try await PlanEvaluation.change(
          session, to: story.plan([ideas[1]]), by: curator, in: $0)
      }
      guard case .notPlanned(.live) = again else { throw Surprise("\(again)") }
      guard case .unknown = try await story.start(.new(), by: curator) else {
        throw Surprise("there is no such session")
      }
    }
  }

  @Test func `an idea is evaluated by one session at a time`() async throws {
    try await withDatabase { pool in
      let (story, curator, ideas) = try await scene(pool, ideas: 1)
      let first = try await story.planned(ideas, by: curator)
      let second = try await story.planned(ideas, by: curator)
      _ = try await story.start(first, by: curator)
      try await story.move(ideas[0], to: .inReview, by: curator)
      guard case .unfit(let unfit) = try await story.start(second, by: curator) else {
        throw Surprise("the first session still has it")
      }
      #expect(unfit.map(\.isElsewhere) == [true])
      // The idea has left by another way: the first session has nothing to decide any more.
      let closed = try await story.close(first, by: curator)
      guard case .closed(let session) = closed else { throw Surprise("\(closed)") }
      #expect(session.agenda.map(\.decision) == [.elsewhere])
      guard case .started = try await story.start(second, by: curator) else {
        throw Surprise("the idea is free")
      }
    }
  }

  @Test func `a session ends when each idea has its decision`() async throws {
    try await withDatabase { pool in
      let (story, curator, ideas) = try await scene(pool, ideas: 4)
      let session = try await story.planned(ideas, by: curator)
      guard
        case .notLive(.planned) = try await story.decide(.accept, ideas[0], in: session, curator)
      else { throw Surprise("it is not live yet") }
      _ = try await story.start(session, by: curator)
      guard
        case .decided(let accepted, let product?) = try await story.decide(
          .accept, ideas[0], in: session, curator)
      else { throw Surprise("an accepted idea is a product") }
      #expect(accepted.state == .accepted && product.uuid == ideas[0].uuid)
      guard
        case .alreadyDecided(.accept) = try await story.decide(
          .decline, ideas[0], in: session, curator)
      else { throw Surprise("a decision stays") }
      _ = try await story.decide(.decline, ideas[1], in: session, curator)
      _ = try await story.decide(.review, ideas[2], in: session, curator)
      guard case .notOnAgenda = try await story.decide(.accept, .new(), in: session, curator) else {
        throw Surprise("that is not on the agenda")
      }
      guard case .undecided(let left) = try await story.close(session, by: curator) else {
        throw Surprise("one has no decision")
      }
      #expect(left.map(\.place) == [3] && left.map(\.idea) == [ideas[3]])
      guard case .closed(let closed) = try await story.close(session, carrying: true, by: curator)
      else { throw Surprise("the rest is carried back") }
      #expect(closed.agenda.map(\.decision) == [.accept, .decline, .review, .carried])
      #expect(try await story.states(ideas) == [.accepted, .declined, .inReview, .inReview])
      guard case .alreadyClosed = try await story.close(session, by: curator) else {
        throw Surprise("it is closed")
      }
      let history = try await IdeaRecord.changes(of: ideas[1], in: pool)
      #expect(history.suffix(2).map(\.newState) == [.inEvaluation, .declined])
    }
  }

  @Test func `a decision made outside the session is not made again`() async throws {
    try await withDatabase { pool in
      let (story, curator, ideas) = try await scene(pool, ideas: 1)
      let session = try await story.planned(ideas, by: curator)
      _ = try await story.start(session, by: curator)
      _ = try await story.accept(ideas[0], by: curator)
      guard
        case .elsewhere(.accepted) = try await story.decide(
          .decline, ideas[0], in: session, curator)
      else { throw Surprise("it is decided") }
    }
  }

  @Test func `a planned session is called off`() async throws {
    try await withDatabase { pool in
      let (story, curator, ideas) = try await scene(pool, ideas: 1)
      let session = try await story.planned(ideas, by: curator)
      guard case .closed(let closed) = try await story.close(session, by: curator) else {
        throw Surprise("nothing holds it")
      }
      #expect(closed.head.startedAt == nil && closed.agenda.map(\.decision) == [nil])
      #expect(try await story.states(ideas) == [.inReview])
    }
  }

  @Test func `means are exact to a thousandth`() {
    func mean(_ counts: [Int64]) -> String? {
      EvaluationTally.Mark(criterion: "fun", counts: counts).meanText
    }
    #expect(mean([0, 0, 0]) == nil)
    #expect(mean([1, 0, 0]) == "1.000")
    #expect(mean([1, 0, 2]) == "2.333")
    #expect(mean([0, 1, 0, 0, 2]) == "4.000")
    #expect(mean([1, 1]) == "1.500")
    #expect(mean([2, 1]) == "1.333" && mean([1, 2]) == "1.667")
    // 1 + 1/2000 and 1 + 1/2001: a half goes up, less than that does not.
    #expect(mean([1999, 1]) == "1.001" && mean([2000, 1]) == "1.000")
    #expect(mean([0, 0, 0, 0, 0, 0, 0, 0, 0, 4_000_000_000_000]) == "10.000")
  }

  @Test func `the schema keeps what is over`() async throws {
    try await withDatabase { pool in
      let (story, curator, ideas) = try await scene(pool, ideas: 1)
      let session = try await story.planned(ideas, by: curator)
      _ = try await story.start(session, by: curator)
      let bob = try await story.member("bob")
      _ = try await story.rate(ideas[0], ["fun": 3], by: bob, in: session)
      _ = try await story.close(session, carrying: true, by: curator)
      let forbidden: [Query] = [
        "UPDATE evaluation_ratings SET score = 5", "DELETE FROM evaluation_ratings",
        "UPDATE evaluations SET title = 'Other'", "DELETE FROM evaluations",
        "UPDATE evaluations SET state = 'live', closed_at = NULL",
      ]
      for statement in forbidden {
        await #expect(throws: DatabaseError.self) { try await pool.execute(statement) }
      }
    }
  }
}

/// Ideas in review, each of its own author, and a curator.
func scene(_ pool: Pool, ideas count: Int) async throws -> (Story, MemberID, [IdeaID]) {
  let story = Story(pool)
  let curator = try await story.member("curator", role: .curator)
  var ideas: [IdeaID] = []
  for author in try await story.crowd(count, prefix: "author") {
    let idea = try await story.idea(by: author)
    try await story.move(idea, to: .inReview, by: curator)
    ideas.append(idea)
  }
  return (story, curator, ideas)
}
