import Postgres

/// How large a synthetic community is; by default as large as the platform in its last year.
///
/// Members, products and units sold are published; ideas follow from the ideas a week of four
/// years (300–600, 1 500, 2 000, 3 000). How many votes there were was never published: twenty
/// million, 18 a member, is an assumption.
public struct WorldPlan: Sendable {
  public var members = 1_085_713
  public var ideas = 361_400
  public var votes = 20_000_000
  public var products = 126
  /// Lines; each is of ten units, as 3 537 130 were sold.
  public var sales = 353_713
  /// On each product; nil for the published skew, with 515 in the middle and 5 177 at most.
  public var holders: Int?
  /// Periods of sales that are settled already.
  public var settlements = 0
  public var seed: UInt64 = 1

  public init() {}

  /// The same world so many times as large; shareholders of a product stay as they are.
  public func scaled(by factor: Double) -> WorldPlan {
    func times(_ count: Int) -> Int { max(1, Int((Double(count) * factor).rounded())) }
    var plan = self
    plan.members = max(2, times(members))
    plan.ideas = times(ideas)
    plan.votes = times(votes)
    plan.products = times(products)
    plan.sales = times(sales)
    return plan
  }

  /// What contradicts itself; empty when the plan can be carried out.
  public var faults: [String] {
    var faults: [String] = []
    if members < 2 { faults.append("members must be at least 2: nobody votes for an own idea") }
    if products > ideas { faults.append("products (\(products)) come from ideas (\(ideas))") }
    if products > 0, sales > 0, sales < products {
      faults.append("sales (\(sales)) must be at least one for each product (\(products))")
    }
    if let holders, holders < 2 || holders > members {
      faults.append("holders must be from 2 to the number of members, \(members)")
    }
    if settlements > 0 && sales < settlements {
      faults.append("settlements (\(settlements)) need at least as many sales (\(sales))")
    }
    return faults
  }

  static let begins = Timestamp(microseconds: 1_293_840_000_000_000)  // 2011-01-01
  static let ends = Timestamp(microseconds: 1_420_070_400_000_000)  // 2015-01-01

  // MARK: Who and what

  func member(_ number: Int) -> UUID {
    id(1, number, at: moment(number, of: members, ideasEachYear: [1, 1, 1, 1]))
  }

  func idea(_ number: Int) -> UUID { id(2, number, at: opened(number)) }

  /// Ideas came faster each year.
  func opened(_ number: Int) -> Timestamp {
    moment(number, of: ideas, ideasEachYear: [450, 1500, 2000, 3000])
  }

  func author(of idea: Int) -> Int { Int(Dice.roll(seed, 3, idea) % UInt64(members)) }

  /// Ids in the order of their numbers.
  private func id(_ kind: UInt64, _ number: Int, at time: Timestamp) -> UUID {
    let chance = Dice.roll(seed, kind, number)
    let micros = UInt64(time.microseconds)
    let high = (micros / 1000) << 16 | 0x7000 | (micros % 1000) * 4096 / 1000
    return UUID(high: high, low: chance >> 2 | 0x8000_0000_0000_0000)
  }

  /// Strictly later for larger numbers, as long as there are fewer than microseconds.
  private func moment(_ number: Int, of count: Int, ideasEachYear parts: [Int]) -> Timestamp {
    let all = parts.reduce(0, +)
    var place = Double(number) / Double(max(1, count)) * Double(all)
    var year = 0
    while year < parts.count - 1, place >= Double(parts[year]) {
      place -= Double(parts[year])
      year += 1
    }
    let span = Double(WorldPlan.ends.microseconds - WorldPlan.begins.microseconds) / 4
    let micros = (Double(year) + place / Double(parts[year])) * span
    return Timestamp(microseconds: WorldPlan.begins.microseconds + Int64(micros))
  }
}

/// Chances that are the same for the same seed, kind and number, on every machine.
enum Dice {
  /// SplitMix64's mixing steps.
  static func roll(_ seed: UInt64, _ kind: UInt64, _ number: Int) -> UInt64 {
    var mixed = seed &* 0x9E37_79B9_7F4A_7C15 &+ kind &* 0xD1B5_4A32_D192_ED03
    mixed = mixed &+ UInt64(bitPattern: Int64(number)) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Above 0 and up to 1.
  static func part(_ seed: UInt64, _ kind: UInt64, _ number: Int) -> Double {
    (Double(roll(seed, kind, number) >> 11) + 1) / 9_007_199_254_740_992
  }
}
