import Testing

@testable import Coinvent

@Suite struct DuelModelTests {
  @Test func `Elo takes from one what it gives the other, and less from who was expected to lose`()
  {
    #expect(Elo.expected(0) == 500_000)
    #expect(Elo.expected(400_000) == 909_091 && Elo.expected(-400_000) == 90_909)
    // Between two points of the table, and beyond its end.
    #expect(Elo.expected(25_000) == 535_731 && Elo.expected(9_000_000) == 990_099)
    #expect(Elo.gain(winner: 1_500_000, loser: 1_500_000) == 16_000)
    #expect(Elo.gain(winner: 1_900_000, loser: 1_500_000) == 2909)
    #expect(Elo.gain(winner: 1_500_000, loser: 1_900_000) == 29_091)
    for difference in stride(from: Int64(-900_000), through: 900_000, by: 7919) {
      #expect(Elo.expected(difference) + Elo.expected(-difference) == 1_000_000)
      #expect(Elo.expected(difference) <= Elo.expected(difference + 7919))
    }
  }

  @Test func `strengths by Bradley and Terry do not depend on the order of duels`() {
    let duels = [(0, 1), (0, 1), (1, 0), (1, 2), (1, 2), (0, 2), (2, 1)]
      .map { BradleyTerry.Duel(winner: $0.0, loser: $0.1) }
    let strengths = BradleyTerry.strengths(of: 4, after: duels, steps: 100)
    #expect(strengths[0] > strengths[1] && strengths[1] > strengths[2])
    // Who was never compared stays where it began.
    #expect(strengths[3] == BradleyTerry.one)
    #expect(BradleyTerry.strengths(of: 4, after: duels.reversed(), steps: 100) == strengths)
  }

  @Test func `two entries alone come to what can be reckoned by hand`() {
    let duels = [BradleyTerry.Duel](repeating: .init(winner: 0, loser: 1), count: 3)
    let strengths = BradleyTerry.strengths(of: 2, after: duels, steps: 100)
    // Four wins of the first, one of them virtual, as x (3/(x + y) + 2/(x + 1)) expects with
    // y = 1/x: x is 2.467504.
    #expect((strengths[0] - 2_467_504).magnitude < 100)
    #expect((strengths[1] - 405_268).magnitude < 100)
    // More duels of the same kind say more, and stay within bounds.
    let more = [BradleyTerry.Duel](repeating: .init(winner: 0, loser: 1), count: 30_000)
    let far = BradleyTerry.strengths(of: 2, after: more, steps: 100)
    #expect(far[0] > 10 * strengths[0] && far[1] >= 100)
  }
}
