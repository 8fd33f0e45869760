import Coinvent
import Ledger
import Postgres
import TestSupport
import Testing

extension RequestPayoutOutcome {
  var payout: Payout? {
    switch self {
    case .requested(let payout), .repeated(let payout): payout
    default: nil
    }
  }
}

@Suite struct RequestPayoutTests {
  @Test func `nothing is paid below the minimum, and one cent later all of it is`() async throws {
    try await PayoutScene.with { scene in
      let ada = try await scene.member("ada", paid: "9.99")
      #expect(try await scene.why(ada) == .belowMinimum)
      let before = try await scene.request(ada, .everything(usd))
      guard case .belowMinimum(let minimum) = before else { return #expect(Bool(false)) }
      #expect(minimum == dollars("10.00"))
      #expect(try await scene.worker().drain().didNothing)
      try await scene.credit(ada, dollars("0.01"))
      #expect(try await scene.why(ada) == .waitingForWorker)
      let report = try await scene.worker().drain()
      #expect(report.made == 1 && report.paid == 1 && report.waiting == 0)
      #expect(try await scene.payouts(ada).map(\.amount) == [dollars("10.00")])
      #expect(try await scene.why(ada) == .paidUp)
      try await scene.check()
    }
  }

  @Test func `six requests at once for a fifth each make exactly five payouts`() async throws {
    try await PayoutScene.with { scene in
      let ada = try await scene.member("ada", paid: "5000.00")
      let outcomes = try await withThrowingTaskGroup(of: RequestPayoutOutcome.self) { group in
        for _ in 0..<6 {
          group.addTask { try await scene.request(ada, .exactly(dollars("1000.00"))) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.compactMap(\.payout).count == 5)
      let refused = outcomes.filter { if case .moreThanPayable = $0 { true } else { false } }
      #expect(refused.count == 1)
      #expect(try await scene.payable(ada) == "0.00")
      try await scene.check()
    }
  }

  @Test func `fractions stay, and more than there is or half a cent is refused`() async throws {
    try await PayoutScene.with { scene in
      let ada = try await scene.member("ada", paid: "12.605000001")
      guard case .notWholeUnits = try await scene.request(ada, .exactly(dollars("12.605"))) else {
        return #expect(Bool(false))
      }
      guard case .moreThanPayable = try await scene.request(ada, .exactly(dollars("12.61"))) else {
        return #expect(Bool(false))
      }
      #expect(try await scene.request(ada, .everything(usd)).payout?.amount == dollars("12.60"))
      #expect(try await scene.payable(ada) == "0.005000001")
      try await scene.check()
    }
  }

  @Test(arguments: [
    ("JPY", "15.7", "15"), ("KWD", "10.1239", "10.123"), ("USD", "10.1239", "10.12"),
  ])
  func `each currency is rounded down to its own coin`(code: String, has: String, gets: String)
    async throws
  {
    try await PayoutScene.with { scene in
      let currency = try #require(Currency(code))
      let ada = try await scene.member("ada")
      try await scene.credit(ada, try Amount(decimal: has, currency: currency))
      let payout = try await scene.request(ada, .everything(currency)).payout
      #expect(payout?.amount.decimal == gets)
    }
  }

  @Test func `the same key makes one payout, another wish under it is refused`() async throws {
    try await PayoutScene.with { scene in
      let ada = try await scene.member("ada", paid: "100.00")
      let outcomes = try await withThrowingTaskGroup(of: RequestPayoutOutcome.self) { group in
        for _ in 0..<4 {
          group.addTask { try await scene.request(ada, .exactly(dollars("20.00")), key: "k") }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(outcomes.compactMap { $0.payout?.id }).count == 1)
      let other = try await scene.request(ada, .exactly(dollars("21.00")), key: "k")
      guard case .otherRequest = other else { return #expect(Bool(false)) }
      #expect(try await scene.payable(ada) == "80.00")
    }
  }

  @Test func `a negative balance pays nothing and says why`() async throws {
    try await PayoutScene.with { scene in
      let ada = try await scene.member("ada", paid: "5.00", "-30.00")
      #expect(try await scene.why(ada) == .negativeBalance)
      guard case .belowMinimum = try await scene.request(ada, .everything(usd)) else {
        return #expect(Bool(false))
      }
      try await scene.credit(ada, dollars("40.00"))
      #expect(try await scene.request(ada, .everything(usd)).payout?.amount == dollars("15.00"))
    }
  }

  @Test func `a hold stops payouts with its reason until it ends`() async throws {
    try await PayoutScene.with { scene in
      let ada = try await scene.member("ada", paid: "50.00")
      try await scene.pool.transaction {
        try await HoldPayouts.run(ada, because: "the account is checked", now: .now, in: $0)
      }
      #expect(try await scene.why(ada) == .onHold)
      #expect(try await scene.worker().drain().didNothing)
      guard
        case .held(because: "the account is checked") =
          try await scene.request(ada, .everything(usd))
      else { return #expect(Bool(false)) }
      try await scene.pool.transaction { try await HoldPayouts.resume(ada, now: .now, in: $0) }
      #expect(try await scene.worker().drain().paid == 1)
    }
  }

  @Test func `nobody who is unknown is paid, and nothing credited has no reason`() async throws {
    try await PayoutScene.with { scene in
      let nobody = MemberID.new()
      guard case .noSuchMember = try await scene.request(nobody, .everything(usd)) else {
        return #expect(Bool(false))
      }
      let ada = try await scene.member("ada")
      #expect(try await WhyNotPaid.explain(member: ada, in: scene.pool).isEmpty)
    }
  }
}
