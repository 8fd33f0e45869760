import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct AssignmentsTests {
  @Test func `a part of a share goes to another from the next version on, never backwards`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let product = try await story.product(by: ada, curator: bob)
      try await story.lock(product)
      let offer = try await story.offered(product, from: ada, to: bob, ppm: 250_000)
      guard case .done = try await story.accept(offer, of: product, by: bob) else {
        throw Surprise("not accepted")
      }
      guard case .done = try await story.accept(offer, of: product, by: bob) else {
        throw Surprise("not repeated")
      }
      #expect(try await story.holdings(product)[bob] == nil)
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.lock(product)
      #expect(try await story.holdings(product)[ada] == 315_000_000)
      #expect(try await story.holdings(product)[bob] == 105_000_000)
      let later = Timestamp.now.description
      try await story.sell([Story.line("2", product, price: "100", soldAt: later)])
      try await story.settle()
      #expect(try await story.credited(ada) == "22.05")
      #expect(try await story.credited(bob) == "3.15")
      let shares = try #require(try await Influence.of(product, in: pool)).shares
      let reasons = shares.filter { $0.slice == "inventor" }.map(\.reason)
      #expect(reasons.contains("105000000 ppb assigned by another member"))
      #expect(!reasons.joined().contains("mem_"))
      try await story.verify()
    }
  }

  @Test func `an offer is declined, withdrawn or runs out, and then it is too late`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let product = try await story.product(by: ada, curator: bob)
      func refuse(_ offer: OfferID, by member: MemberID) async throws -> ShareOffer.State? {
        let outcome = try await pool.transaction {
          try await AnswerOffer.refuse(offer, of: product, by: member, in: $0)
        }
        switch outcome {
        case .done(let offer): return offer.state(at: .now)
        case .ended(let state): return state
        case .unknown, .refused: return nil
        }
      }
      let first = try await story.offered(product, from: ada, to: bob)
      #expect(try await refuse(first, by: bob) == .declined)
      #expect(try await refuse(first, by: ada) == .declined)
      guard case .ended(.declined) = try await story.accept(first, of: product, by: bob) else {
        throw Surprise("it was declined")
      }
      let second = try await story.offered(product, from: ada, to: bob)
      #expect(try await refuse(second, by: ada) == .withdrawn)
      let third = try await story.offered(product, from: ada, to: bob)
      let late = Timestamp.now + .seconds(31 * 86_400)
      guard case .ended(.expired) = try await story.accept(third, of: product, by: bob, at: late)
      else { throw Surprise("it has run out") }
      guard case .unknown = try await story.accept(third, of: product, by: ada) else {
        throw Surprise("Ada accepted what is Bob's")
      }
      let listed = try await ShareOffer.all(of: bob, in: pool).offers
      #expect(listed.map { $0.state(at: late) } == [.expired, .withdrawn, .declined])
      #expect(try await story.holdings(product)[bob] == nil)
    }
  }

  @Test func `what cannot be given is refused by name`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(4)
      let product = try await story.product(by: crowd[0], curator: crowd[1])
      func refusal(_ from: MemberID, _ to: MemberID, ppm: Int64 = 1) async throws
        -> OfferShare.Refusal?
      {
        guard
          case .refused(let refusal) = try await story.offer(
            product, from: from, to: to, ppm: ppm)
        else { return nil }
        return refusal
      }
      #expect(try await refusal(crowd[0], crowd[0]) == .toOneself)
      #expect(try await refusal(crowd[0], MemberID.new()) == .unknownMember)
      #expect(try await refusal(crowd[1], crowd[0]) == .holdsNothing)
      _ = try await story.offered(product, from: crowd[0], to: crowd[1], ppm: 700_000)
      #expect(
        try await refusal(crowd[0], crowd[2], ppm: 300_001) == .moreThanAll(left: 300_000))
      _ = try await story.offered(product, from: crowd[0], to: crowd[2], ppm: 300_000)
      guard
        case .unknownProduct = try await story.offer(
          ProductID.new(), from: crowd[0], to: crowd[1])
      else { throw Surprise("there is no such product") }

      _ = try await pool.transaction {
        try await AskMerge.ask(
          crowd[3], into: crowd[2], reason: "Me too.", by: crowd[3], in: $0)
      }
      #expect(try await refusal(crowd[0], crowd[3]) == .merging(crowd[3]))
      let boss = try await story.member("boss", role: .admin)
      _ = try await pool.transaction {
        try await BanMember.run(crowd[1], from: .all, until: nil, reason: "Spam", by: boss, in: $0)
      }
      #expect(try await refusal(crowd[0], crowd[1]) == .notActive(crowd[1]))
    }
  }
}
