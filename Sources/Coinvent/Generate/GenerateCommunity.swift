import Postgres

/// Members, ideas and votes of a synthetic world.
struct GenerateCommunity {
  let plan: WorldPlan
  let report: Generate.Report

  func members(in tx: Transaction) async throws {
    let columns = ["id", "handle", "display_name", "role", "joined_at"]
    let joined = WorldPlan.begins
    try await tx.copyRows(into: "members", columns: columns) { rows in
      for number in 0..<plan.members {
        try await rows.write(
          plan.member(number), "member_\(number)", "Member \(number)",
          number == 0 ? Role.curator.rawValue : Role.member.rawValue, joined)
        report("members", number + 1, plan.members)
      }
    }
  }

  func ideas(in tx: Transaction) async throws {
    let columns = [
      "id", "author_id", "title", "pitch", "problem", "solution", "category", "state", "opened_at",
      "created_at", "decided_at",
    ]
    let categories = ["home", "kitchen", "travel", "garden", "office", "children", "electronics"]
    try await tx.copyRows(into: "ideas", columns: columns) { rows in
      for number in 0..<plan.ideas {
        let opened = plan.opened(number)
        let state = plan.state(of: number)
        let length = Int(Dice.roll(plan.seed, 4, number) % 5)
        try await rows.write(
          plan.idea(number), plan.member(plan.author(of: number)), "An idea with number \(number)",
          "It makes one thing of every day easier, for number \(number).",
          String(repeating: "Something is in the way again and again. ", count: length + 1),
          String(repeating: "This takes it out of the way for good. ", count: length + 1),
          categories[number % categories.count], state.rawValue, opened, opened,
          state == .open ? nil : plan.decided(number))
        report("ideas", number + 1, plan.ideas)
      }
    }
    try await decisions(in: tx)
  }

  private func decisions(in tx: Transaction) async throws {
    let columns = ["idea_id", "decision", "reason", "decided_by", "decided_at"]
    try await tx.copyRows(into: "decisions", columns: columns) { rows in
      for number in 0..<plan.ideas {
        let state = plan.state(of: number)
        guard state != .open else { continue }
        let decision: DecideIdea.Decision = state == .accepted ? .accept : .decline
        try await rows.write(
          plan.idea(number), decision.rawValue, "Decided by chance.", plan.member(0),
          plan.decided(number))
      }
    }
  }

  /// Votes, and the tallies that count them.
  func votes(in tx: Transaction) async throws {
    var counts = Skew.votes(plan)
    let all = counts.reduce(0) { $0 + Int($1) }
    var written = 0
    try await tx.copyRows(into: "votes", columns: ["idea_id", "member_id", "cast_at"]) { rows in
      for number in 0..<plan.ideas {
        let idea = plan.idea(number)
        let opened = plan.opened(number)
        var crowd = Crowd(plan, kind: 20, number: number)
        for vote in 0..<Int(counts[number]) {
          let later = Int64(Dice.roll(plan.seed, 21, number &* 1_000_003 &+ vote) % 2_591_999)
          try await rows.write(idea, plan.member(crowd.next()), opened + .seconds(later))
        }
        counts[number] = Int32(crowd.count)
        written += crowd.count
        report("votes", written, all)
      }
    }
    let columns = ["idea_id", "author_id", "opened_at", "state", "votes"]
    try await tx.copyRows(into: "tallies", columns: columns) { rows in
      for number in 0..<plan.ideas {
        try await rows.write(
          plan.idea(number), plan.member(plan.author(of: number)), plan.opened(number),
          plan.state(of: number).rawValue, Int64(counts[number]))
      }
    }
  }
}

/// Members other than an idea's author, each once, in an order of chance.
struct Crowd {
  private let plan: WorldPlan
  private let author: Int
  private var place: Int
  private let step: Int
  private(set) var count = 0

  init(_ plan: WorldPlan, kind: UInt64, number: Int) {
    self.plan = plan
    author = plan.author(of: number)
    place = Int(Dice.roll(plan.seed, kind, number) % UInt64(plan.members))
    // Steps that have no divisor in common with the number of members visit each of them.
    var step = max(1, plan.members * 5 / 13)
    while Crowd.divisor(step, plan.members) != 1 { step += 1 }
    self.step = step
  }

  /// - Precondition: called less often than there are members.
  mutating func next() -> Int {
    repeat {
      place += step
      if place >= plan.members { place %= plan.members }
    } while place == author
    count += 1
    return place
  }

  private static func divisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}

extension WorldPlan {
  /// The first ideas became products; of the others one in ten was declined.
  func state(of idea: Int) -> Idea.State {
    if idea < products { return .accepted }
    return Dice.roll(seed, 5, idea) % 10 == 0 ? .declined : .open
  }

  func decided(_ idea: Int) -> Timestamp { opened(idea) + .seconds(31 * 86_400) }
}
