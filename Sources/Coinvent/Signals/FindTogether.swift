import Glibc
import Postgres

/// Accounts that vote for the same ideas again and again, however far apart in time: rings that
/// take days for what others do in minutes.
///
/// Two members with much in common may only have the same taste. So what two have voted for
/// together is asked of all: if many more have voted for all of these ideas than members who choose
/// by themselves would, given how many votes each has cast and each idea has got, they do not
/// choose by themselves.
///
/// Once a day, in memory, about the members who voted that day: counting pairs there takes a
/// fraction of what a join takes.
enum FindTogether {
  static let method = "together/1"
  /// Of a pair; what fewer ideas have in common is taste.
  static let leastIdeas = 5
  /// A pair shares a third or more of what the one with fewer votes has cast.
  static let leastShare = 3
  /// Ideas with more votes say little and cost most.
  static let crowd: Int64 = 2000
  /// Held in memory at once; the ideas with the fewest votes come first.
  static let mostVotes: Int64 = 2_000_000
  /// How unlikely a group is, as the natural logarithm of one to so many; a day of a hundred
  /// thousand members has some hundred thousand pairs that are looked at.
  static let leastSurprise = 18.0

  static func run(_ span: WatchVotes.Span, at now: Timestamp, in tx: Transaction) async throws
    -> Int
  {
    guard span.start.day != span.end.day else { return 0 }
    let world = try await read(span, in: tx)
    let groups = FindLockstep.group(world.edges())
    for group in groups {
      try await FindLockstep.record(group, method: method, seconds: nil, at: now, in: tx)
    }
    return groups.count
  }

  /// The votes of the look-back for ideas that members of the last day have voted for. Held ones
  /// count: what is left of a ring is found by what it has done.
  private static func read(_ span: WatchVotes.Span, in tx: Transaction) async throws -> World {
    let (from, end) = (span.end - WatchVotes.lookBack, span.end)
    let active = try await tx.all(
      """
      SELECT DISTINCT member_id FROM votes
      WHERE cast_at >= \(end - .seconds(86_400)) AND cast_at < \(end)
      """, as: UUID.self)
    let rows = try await tx.all(
      """
      WITH touched AS (
        SELECT DISTINCT idea_id FROM votes
        WHERE member_id = ANY(\(active)) AND cast_at >= \(from) AND cast_at < \(end)
      ), chosen AS (
        SELECT idea_id FROM (
          SELECT idea_id, sum(votes + held) OVER (ORDER BY votes + held, idea_id) AS so_far
          FROM tallies JOIN touched USING (idea_id)
          WHERE votes + held BETWEEN 2 AND \(crowd)) AS t
        WHERE so_far <= \(mostVotes)
      )
      SELECT idea_id, array_agg(member_id) FROM (
        SELECT idea_id, member_id FROM votes JOIN chosen USING (idea_id)
        WHERE cast_at >= \(from) AND cast_at < \(end)
        UNION ALL
        SELECT idea_id, member_id FROM held_votes JOIN chosen USING (idea_id)
        WHERE cast_at >= \(from) AND cast_at < \(end)
      ) AS v GROUP BY idea_id ORDER BY idea_id
      """, as: (UUID, [UUID]).self)
    return World(rows, active: active)
  }
}

extension FindTogether {
  /// Votes by places in arrays instead of ids.
  struct World {
    private let ideas: [UUID]
    private var members: [UUID] = []
    /// Of each idea, in order.
    private var voters: [[Int32]]
    /// Of each member, in order.
    private var choices: [[Int32]] = []
    private var active: [Int32] = []
    private let votes: Double
    /// How many members have cast so many votes.
    private let sizes: [(votes: Double, members: Double)]

    init(_ rows: [(UUID, [UUID])], active ids: [UUID]) {
      ideas = rows.map(\.0)
      var places: [UUID: Int32] = [:]
      var voters: [[Int32]] = []
      for (number, row) in rows.enumerated() {
        var these: [Int32] = []
        these.reserveCapacity(row.1.count)
        for id in row.1 {
          let place: Int32
          if let known = places[id] {
            place = known
          } else {
            place = Int32(members.count)
            places[id] = place
            members.append(id)
            choices.append([])
          }
          these.append(place)
          choices[Int(place)].append(Int32(number))
        }
        voters.append(these.sorted())
      }
      self.voters = voters
      votes = Double(rows.reduce(0) { $0 + $1.1.count })
      var counts: [Int: Double] = [:]
      for choice in choices { counts[choice.count, default: 0] += 1 }
      sizes = counts.map { (Double($0.key), $0.value) }
      active = ids.compactMap { places[$0] }.filter {
        choices[Int($0)].count >= FindTogether.leastIdeas
      }
    }

    /// The pairs whose common votes are no chance.
    func edges() -> [FindLockstep.Edge] {
      var found: [FindLockstep.Edge] = []
      var known: [[Int32]: Bool] = [:]
      var isDone = [Bool](repeating: false, count: members.count)
      var shared = [Int32](repeating: 0, count: members.count)
      for one in active {
        var met: [Int32] = []
        let mine = choices[Int(one)]
        for idea in mine {
          for other in voters[Int(idea)] {
            if shared[Int(other)] == 0 { met.append(other) }
            shared[Int(other)] += 1
          }
        }
        isDone[Int(one)] = true
        for other in met {
          let count = Int(shared[Int(other)])
          shared[Int(other)] = 0
          let least = min(mine.count, choices[Int(other)].count)
          guard !isDone[Int(other)], count >= FindTogether.leastIdeas,
            count * FindTogether.leastShare >= least
          else { continue }
          let common = both(mine, choices[Int(other)])
          let isGroup = known[common] ?? (surprise(common) >= FindTogether.leastSurprise)
          known[common] = isGroup
          if isGroup { found.append(edge(one, other, common, least)) }
        }
      }
      return found
    }

    private func edge(_ one: Int32, _ other: Int32, _ common: [Int32], _ least: Int)
      -> FindLockstep.Edge
    {
      let pair = [members[Int(one)], members[Int(other)]].sorted()
      return FindLockstep.Edge(
        a: pair[0], b: pair[1], ideas: common.map { ideas[Int($0)] },
        score: Int64(min(1000, 600 * common.count / max(1, least) + 40 * common.count)))
    }

    private func both(_ one: [Int32], _ other: [Int32]) -> [Int32] {
      var (common, i, j): ([Int32], Int, Int) = ([], 0, 0)
      while i < one.count && j < other.count {
        if one[i] == other[j] {
          common.append(one[i])
          (i, j) = (i + 1, j + 1)
        } else if one[i] < other[j] {
          i += 1
        } else {
          j += 1
        }
      }
      return common
    }

    /// How unlikely it is that so many, besides the two who were met, have voted for all of these
    /// ideas: of a Poisson distribution with the number that is to be expected.
    private func surprise(_ common: [Int32]) -> Double {
      let rarest = common.sorted { voters[Int($0)].count < voters[Int($1)].count }
      var all = voters[Int(rarest[0])]
      for idea in rarest.dropFirst() { all = both(all, voters[Int(idea)]) }
      let more = Double(all.count - 2)
      let shares = common.map { Double(voters[Int($0)].count) / votes }
      let expected = sizes.reduce(0) { sum, size in
        sum + size.members * shares.reduce(1) { $0 * min(1, size.votes * $1) }
      }
      guard more >= 1, expected < more else { return 0 }
      return lgamma(more + 1) - more * log(expected)
    }
  }
}
