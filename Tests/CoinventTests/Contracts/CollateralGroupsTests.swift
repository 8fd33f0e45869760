import Postgres
import Testing

@testable import Coinvent

@Suite struct CollateralGroupsTests {
  @Test func `products are together over others, and alone without collateral`() {
    let ids = (0..<7).map { ProductID(uuid: UUID(high: 0, low: UInt64($0))) }
    let groups = CollateralGroups.of([
      ids[0]: ["a"], ids[1]: [], ids[2]: ["b"], ids[3]: ["c", "a"], ids[4]: ["b", "c"],
      ids[5]: ["d"], ids[6]: [],
    ])
    #expect(
      groups == [[ids[0], ids[2], ids[3], ids[4]], [ids[1]], [ids[5]], [ids[6]]])
  }
}
