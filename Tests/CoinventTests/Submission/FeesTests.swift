import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct FeesTests {
  struct Scene {
    let story: Story
    let ada: MemberID
    let curator: MemberID
    let finance: MemberID

    /// The fee is 10.00, and ada has 12.60.
    init(_ pool: Pool, rich: Bool = true) async throws {
      story = Story(pool)
      ada = try await story.member("ada")
      curator = try await story.member("curator", role: .curator)
      finance = try await story.member("finance", role: .finance)
      if rich { try await story.rich(ada, curator: curator) }
      try await story.fee("10.00", by: finance)
    }

    func state(_ idea: IdeaID) async throws -> IdeaFee.State? {
      try await IdeaFee.of(idea, in: story.pool)?.state
    }

    func outside(_ id: String) -> PayFee.Payment {
      .outside(source: "bank", externalID: id, recordedBy: finance)
    }
  }

  @Test func `submitting is free until a fee is set, and again with a fee of 0`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let finance = try await story.member("finance", role: .finance)
      #expect(try await FeeRate.inForce(in: pool) == nil)
      #expect(try await story.submitted(by: ada).state == .open)
      try await story.fee("10.00", by: finance)
      try await story.fee("10.00", by: finance)
      #expect(try await pool.one("SELECT count(*) FROM fee_rates", as: Int.self) == 1)
      #expect(try await story.submitted(by: ada).state == .submitted)
      try await story.fee("0", by: finance)
      let free = try await story.submitted(by: ada)
      #expect(free.state == .open)
      #expect(try await IdeaFee.of(free.id, in: pool) == nil)
      let error = await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE fee_rates SET amount = 1")
      }
      #expect(error?.sqlState == "23001")
    }
  }

  @Test func `an idea waits for its fee, and nobody opens it before`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let idea = try await scene.story.submitted(by: scene.ada)
      #expect(idea.state == .submitted)
      #expect(try await scene.state(idea.id) == .due)
      let waits = try await SubmissionWaits.of(idea.id, in: pool)
      #expect(waits.fee?.decimal == "10.00" && !waits.curator)
      let moved = try await scene.story.move(idea.id, to: .open, by: scene.curator)
      guard case .notAllowed(.submitted) = moved else { throw Surprise("\(moved)") }
      let error = await #expect(throws: DatabaseError.self) {
        try await pool.execute(
          "UPDATE ideas SET state = 'open', changes = changes + 1 WHERE id = \(idea.id.uuid)")
      }
      #expect(error?.constraint == "ideas_fee_due")
      #expect(try await scene.story.vote(scene.curator, for: idea.id).outcome == .closedIdea)
      try await scene.story.verify()
    }
  }

  @Test func `the author's balance pays, the idea opens, and the fee is the operator's`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let idea = try await scene.story.submitted(by: scene.ada)
      let stranger = try await scene.story.pay(idea.id, .balance(scene.curator))
      guard case .notAuthor = stranger else { throw Surprise("\(stranger)") }
      let paid = try await scene.story.pay(idea.id, .balance(scene.ada))
      guard case .paid(let fee) = paid else { throw Surprise("\(paid)") }
      #expect(fee.state == .earned && fee.source == .balance)
      #expect(try await scene.story.ideaState(idea.id) == .open)
      #expect(try await scene.story.payable(scene.ada) == "2.60")
      let again = try await scene.story.pay(idea.id, .balance(scene.ada))
      guard case .repeated = again else { throw Surprise("\(again)") }
      #expect(try await scene.story.payable(scene.ada) == "2.60")
      let total = try #require(try await Earnings.of(scene.ada, in: pool).totals.first)
      #expect(total.fees == 10 * Amount.one)
      #expect(total.credited == total.payable + total.fees)
      let report = try await Verify.run(pool: pool)
      #expect(report.first == nil)
      let earned = report.balances.first { $0.kind == .feesEarned }
      #expect(earned?.decimal == "10.000000000")
      #expect(
        try await IdeaFee.events(of: idea.id, in: pool).map(\.state) == [.due, .held, .earned])
      // What has opened is not refunded any more.
      try await scene.story.takeBack(idea.id, by: scene.ada)
      #expect(try await scene.state(idea.id) == .earned)
      try await scene.story.verify()
    }
  }

  @Test func `a balance that is too small, or on its way out, does not pay`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let idea = try await scene.story.submitted(by: scene.ada)
      let payout = RequestPayout(
        member: scene.ada, wanted: .everything(Story.dollars), actor: "test", now: .now)
      guard case .requested = try await pool.transaction({ try await payout.run(in: $0) }) else {
        throw Surprise("there should be a payout")
      }
      let late = try await scene.story.pay(idea.id, .balance(scene.ada))
      guard case .payoutInTheWay(let flying, let needed) = late else { throw Surprise("\(late)") }
      #expect(flying.decimal == "12.60" && needed.decimal == "10.00")
      let bob = try await scene.story.member("bob")
      let poor = try await scene.story.submitted(by: bob)
      let small = try await scene.story.pay(poor.id, .balance(bob))
      guard case .balanceTooSmall(let payable, needed: _) = small else {
        throw Surprise("\(small)")
      }
      #expect(payable.nanos == 0)
      #expect(try await scene.state(poor.id) == .due)
      try await scene.story.verify()
    }
  }

  @Test func `money from outside pays once by its name there`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let idea = try await scene.story.submitted(by: scene.ada)
      let other = try await scene.story.submitted(by: scene.ada)
      guard case .paid(let fee) = try await scene.story.pay(idea.id, scene.outside("1")) else {
        throw Surprise("it should be paid")
      }
      #expect(fee.state == .earned && fee.source == .outside)
      guard case .repeated = try await scene.story.pay(idea.id, scene.outside("1")) else {
        throw Surprise("it should be a repeat")
      }
      guard case .otherReceipt(idea.id) = try await scene.story.pay(other.id, scene.outside("1"))
      else { throw Surprise("the name should be taken") }
      for payment in [scene.outside("2"), .balance(scene.ada)] {
        guard case .paidAlready = try await scene.story.pay(idea.id, payment) else {
          throw Surprise("it is paid already")
        }
      }
      #expect(try await scene.story.payable(scene.ada) == "12.60")
      guard case .unknown = try await scene.story.pay(.new(), scene.outside("3")) else {
        throw Surprise("there is no such idea")
      }
      await #expect(throws: Invalid.self) {
        try await scene.story.pay(other.id, scene.outside(" "))
      }
      try await scene.story.verify()
    }
  }

  @Test func `where a curator opens ideas the fee is held until then`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let idea = try await scene.story.submitted(by: scene.ada, as: .submitted)
      guard case .paid(let fee) = try await scene.story.pay(idea.id, .balance(scene.ada)) else {
        throw Surprise("it should be paid")
      }
      #expect(fee.state == .held)
      #expect(try await scene.story.ideaState(idea.id) == .submitted)
      #expect(try await SubmissionWaits.of(idea.id, in: pool).curator)
      try await scene.story.verify()
      try await scene.story.move(idea.id, to: .open, by: scene.curator)
      #expect(try await scene.state(idea.id) == .earned)
      try await scene.story.verify()
    }
  }

  @Test(arguments: [Idea.State.removed, .declined, .withdrawn], [true, false])
  func `an idea that ends before votes costs nothing`(end: Idea.State, fromBalance: Bool)
    async throws
  {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let held = try await scene.story.submitted(by: scene.ada, as: .submitted)
      let due = try await scene.story.submitted(by: scene.ada)
      try await scene.story.pay(
        held.id, fromBalance ? .balance(scene.ada) : scene.outside("1"))
      for idea in [held.id, due.id] {
        if end == .withdrawn {
          try await scene.story.takeBack(idea, by: scene.ada)
        } else {
          try await scene.story.move(idea, to: end, by: scene.curator)
        }
      }
      #expect(try await scene.state(held.id) == .refunded)
      #expect(try await scene.state(due.id) == .void)
      #expect(try await scene.story.payable(scene.ada) == (fromBalance ? "12.60" : "22.60"))
      let total = try #require(try await Earnings.of(scene.ada, in: pool).totals.first)
      #expect(total.credited == total.payable + total.fees)
      guard case .nothingDue = try await scene.story.pay(due.id, .balance(scene.ada)) else {
        throw Surprise("nothing should be due")
      }
      try await scene.story.verify()
    }
  }

  @Test func `a curator waives a fee with a reason, and the idea opens`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let idea = try await scene.story.submitted(by: scene.ada)
      func waive(_ idea: IdeaID) async throws -> WaiveFee.Outcome {
        try await pool.transaction {
          try await WaiveFee.run(idea, reason: "A good cause.", by: scene.curator, in: $0)
        }
      }
      guard case .waived(let fee) = try await waive(idea.id) else { throw Surprise("not waived") }
      #expect(fee.state == .waived)
      #expect(try await scene.story.ideaState(idea.id) == .open)
      let last = try #require(try await IdeaFee.events(of: idea.id, in: pool).last)
      #expect(last.reason == "A good cause." && last.changedBy == scene.curator)
      guard case .nothingDue(.waived) = try await waive(idea.id) else { throw Surprise("again") }
      guard case .unknown = try await waive(.new()) else { throw Surprise("unknown") }
      guard case .nothingDue = try await scene.story.pay(idea.id, scene.outside("1")) else {
        throw Surprise("nothing should be due")
      }
      try await scene.story.verify()
    }
  }

  @Test func `of many payments at once one counts`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      let first = try await scene.story.submitted(by: scene.ada)
      let second = try await scene.story.submitted(by: scene.ada)
      let outcomes = try await withThrowingTaskGroup(of: PayFee.Outcome.self) { group in
        for number in 0..<12 {
          let idea = number % 2 == 0 ? first.id : second.id
          let payment = number % 4 < 2 ? .balance(scene.ada) : scene.outside("same")
          group.addTask { try await scene.story.pay(idea, payment) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let paid = outcomes.filter { if case .paid = $0 { true } else { false } }
      #expect(paid.count <= 2 && !paid.isEmpty)
      let held = try await pool.one(
        "SELECT count(*) FROM transfers WHERE reason = 'hold'", as: Int.self)
      #expect(held == paid.count)
      try await scene.story.verify()
    }
  }

  @Test func `a payment and a removal at once end as one after the other`() async throws {
    try await withDatabase { pool in
      let scene = try await Scene(pool)
      for round in 0..<20 {
        let before = try await scene.story.payable(scene.ada)
        let idea = try await scene.story.submitted(by: scene.ada, as: .submitted)
        async let payment = scene.story.pay(idea.id, .balance(scene.ada))
        async let removal = scene.story.move(idea.id, to: .removed, by: scene.curator)
        guard case .moved = try await removal else { throw Surprise("round \(round)") }
        switch try await payment {
        case .paid: #expect(try await scene.state(idea.id) == .refunded)
        case .nothingDue: #expect(try await scene.state(idea.id) == .void)
        case let other: throw Surprise("\(other)")
        }
        #expect(try await scene.story.payable(scene.ada) == before)
      }
      try await scene.story.verify()
    }
  }
}
