import Testing

@testable import Coinvent

@Suite struct DueTests {
  @Test func `two 64-bit steps equal one 128-bit step, also below zero and at the ends`() {
    var random = SystemRandomNumberGenerator()
    for round in 0..<200_000 {
      let pool =
        switch round {
        case 0: Int64.max
        case 1: Int64.min
        default: Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...60)
        }
      let ppb = round < 2 ? 1_000_000_000 : Int64.random(in: 0...1_000_000_000, using: &random)
      #expect(Int128(Due.of(pool: pool, ppb: ppb)) == Int128(pool) * Int128(ppb) / 1_000_000_000)
    }
  }

  @Test func `a pool below zero mirrors one above`() {
    for pool in [1, 999_999_999, 29_990_000_000, 263_550_114_000_000] as [Int64] {
      for ppb in [1, 193_160, 420_000_000, 999_999_999] as [Int64] {
        #expect(Due.of(pool: -pool, ppb: ppb) == -Due.of(pool: pool, ppb: ppb))
      }
    }
  }

  @Test func `one sale over 5177 equal holders leaves a crumb below 5177 nanos`() {
    let pool: Int64 = 29_990_000_000
    let shares = LargestRemainder.divide(1_000_000_000, by: Array(repeating: 1, count: 5177))
    let due = shares.map { Due.of(pool: pool, ppb: $0) }.reduce(0, +)
    #expect(pool - due >= 0 && pool - due < 5177)
  }
}
