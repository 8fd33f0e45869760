import Postgres

/// Judges wishes one by one, under locks: about ideas with held votes, and all of them once there
/// has been a budget. `CastVotes` does the others in one statement.
///
/// First the tallies are locked, then the members' accounts. What is read after that stays as it
/// is until the commit.
enum JudgeVotes {
  static func run(
    _ wishes: [CastVotes.Wish], at now: Timestamp, in tx: Transaction
  ) async throws -> [CastVotes.Answer] {
    let policy = try await VotePolicy.current(in: tx)
    let voters = try await tx.all(
      """
      SELECT member_id, may, token FROM (\(CastVotes.voters(of: wishes, at: now))) AS v
      ORDER BY place
      """,
      as: (UUID?, Bool?, UUID?).self)
    let used = voters.compactMap(\.2)
    if !used.isEmpty { await FindPrincipals.markUsed(used, at: now, in: tx) }
    var table = Table(policy: policy, now: now)
    try await table.read(
      zip(wishes, voters).compactMap { wish, voter in
        guard let member = voter.0, voter.1 == true else { return nil }
        return Pair(idea: wish.idea, member: MemberID(uuid: member))
      }, in: tx)
    let found = zip(wishes, voters).map { wish, voter -> (CastVotes.Outcome, Pair?) in
      guard let member = voter.0 else { return (.badToken, nil) }
      guard voter.1 == true else { return (.missingScope, nil) }
      let pair = Pair(idea: wish.idea, member: MemberID(uuid: member))
      return (table.judge(pair, voted: wish.voted, mark: wish.mark), pair)
    }
    try await table.write(in: tx)
    return zip(wishes, found).map { wish, found in
      CastVotes.Answer(
        outcome: found.0, votes: table.ideas[wish.idea]?.votes ?? 0, voted: wish.voted,
        standing: found.1.flatMap { table.standing($0) },
        left: found.1.flatMap { table.left($0.member) })
    }
  }

  struct Pair: Hashable, Sendable {
    let idea: IdeaID
    let member: MemberID
  }

  /// What is known of an idea, from its locked tally.
  struct Held: Sendable {
    let author: MemberID
    let state: Idea.State
    var votes: Int64
  }

  /// A member's vote for an idea.
  struct Ballot: Sendable, Equatable {
    let standing: CastVotes.Standing
    let castAt: Timestamp
    let mark: VoteMark
    /// Only held ones are kept when they are taken back.
    var isWithdrawn = false
  }
}

extension JudgeVotes {
  /// The state that wishes are judged on, and what they make of it.
  struct Table: Sendable {
    let policy: VotePolicy
    let now: Timestamp
    private(set) var ideas: [IdeaID: Held] = [:]
    private var before: [Pair: Ballot] = [:]
    private var ballots: [Pair: Ballot] = [:]
    private var chargesBefore: [Pair: VoteAccount] = [:]
    private var charges: [Pair: VoteAccount] = [:]
    private var spentBefore: [VoteAccount.Owned: Int64] = [:]
    private var spent: [VoteAccount.Owned: Int64] = [:]

    init(policy: VotePolicy, now: Timestamp) {
      self.policy = policy
      self.now = now
    }

    mutating func judge(_ pair: Pair, voted: Bool, mark: VoteMark) -> CastVotes.Outcome {
      guard let idea = ideas[pair.idea], idea.state != .draft else { return .unknownIdea }
      if idea.author == pair.member { return .ownIdea }
      if idea.state != .open { return .closedIdea }
      let ballot = ballots[pair]
      let stands = ballot.map { !$0.isWithdrawn } ?? false
      if voted == stands { return .done }
      if !voted {
        withdraw(pair)
        return .done
      }
      guard left(pair.member) ?? 1 > 0 else { return .noBudget }
      if ballot == nil {
        ballots[pair] = Ballot(standing: .counted, castAt: now, mark: mark)
        ideas[pair.idea]?.votes += 1
      } else {
        ballots[pair]?.isWithdrawn = false
      }
      if let account = policy.budget.account(at: now) {
        charges[pair] = account
        spent[VoteAccount.Owned(member: pair.member, account: account), default: 0] += 1
      }
      return .done
    }

    private mutating func withdraw(_ pair: Pair) {
      if ballots[pair]?.standing == .counted {
        ballots[pair] = nil
        ideas[pair.idea]?.votes -= 1
      } else {
        ballots[pair]?.isWithdrawn = true
      }
      guard let account = charges.removeValue(forKey: pair) else { return }
      spent[VoteAccount.Owned(member: pair.member, account: account), default: 1] -= 1
    }

    /// How many votes a member has left; nil without a budget.
    func left(_ member: MemberID) -> Int64? {
      guard let votes = policy.budget.votes, let account = policy.budget.account(at: now)
      else { return nil }
      return max(0, votes - (spent[VoteAccount.Owned(member: member, account: account)] ?? 0))
    }

    func standing(_ pair: Pair) -> CastVotes.Standing? {
      ballots[pair].flatMap { $0.isWithdrawn ? nil : $0.standing }
    }
  }
}

extension JudgeVotes.Table {
  typealias Pair = JudgeVotes.Pair
  typealias Ballot = JudgeVotes.Ballot

  mutating func read(_ pairs: [Pair], in tx: Transaction) async throws {
    let wanted = Set(pairs.map(\.idea)).map(\.uuid)
    let tallies = try await tx.all(
      """
      SELECT idea_id, author_id, state, votes FROM tallies WHERE idea_id = ANY(\(wanted))
      ORDER BY idea_id FOR NO KEY UPDATE
      """, as: (UUID, UUID, Idea.State, Int64).self)
    for (idea, author, state, votes) in tallies {
      ideas[IdeaID(uuid: idea)] = JudgeVotes.Held(
        author: MemberID(uuid: author), state: state, votes: votes)
    }
    try await readBallots(Set(pairs), in: tx)
    var accounts: Set<VoteAccount.Owned> = []
    for (pair, account) in charges {
      accounts.insert(VoteAccount.Owned(member: pair.member, account: account))
    }
    if let account = policy.budget.account(at: now) {
      for pair in pairs {
        accounts.insert(VoteAccount.Owned(member: pair.member, account: account))
      }
    }
    spent = try await VoteAccount.hold(accounts, in: tx)
    spentBefore = spent
  }

  private mutating func readBallots(_ pairs: Set<Pair>, in tx: Transaction) async throws {
    let asked: Query =
      """
      (SELECT i, m FROM unnest(\(pairs.map(\.idea.uuid)), \(pairs.map(\.member.uuid))) AS p (i, m))
      """
    let rows = try await tx.all(
      """
      SELECT idea_id, member_id, cast_at, origin, session, 'counted', false FROM votes
      WHERE (idea_id, member_id) IN \(asked)
      UNION ALL
      SELECT idea_id, member_id, cast_at, origin, session, state, withdrawn FROM held_votes
      WHERE (idea_id, member_id) IN \(asked) AND state <> 'released'
      """,
      as: (UUID, UUID, Timestamp, Int32?, Int32?, CastVotes.Standing, Bool).self)
    for (idea, member, castAt, origin, session, standing, isWithdrawn) in rows {
      ballots[Pair(idea: IdeaID(uuid: idea), member: MemberID(uuid: member))] = Ballot(
        standing: standing, castAt: castAt, mark: VoteMark(origin: origin, session: session),
        isWithdrawn: isWithdrawn)
    }
    before = ballots
    let paid = try await tx.all(
      """
      SELECT idea_id, member_id, kind, began_at FROM vote_charges
      WHERE (member_id, idea_id) IN (SELECT m, i FROM \(asked) AS asked)
      """, as: (UUID, UUID, String, Timestamp).self)
    for (idea, member, kind, beganAt) in paid {
      charges[Pair(idea: IdeaID(uuid: idea), member: MemberID(uuid: member))] =
        VoteAccount(kind: kind, beganAt: beganAt)
    }
    chargesBefore = charges
  }

  /// Writes the differences.
  func write(in tx: Transaction) async throws {
    let pairs = Set(before.keys).union(ballots.keys).filter { before[$0] != ballots[$0] }
    let gone = pairs.filter { before[$0]?.standing == .counted }
    if !gone.isEmpty {
      try await tx.execute(
        """
        DELETE FROM votes WHERE (idea_id, member_id) IN (
          SELECT i, m FROM unnest(\(gone.map(\.idea.uuid)), \(gone.map(\.member.uuid))) AS p (i, m))
        """)
    }
    let fresh = pairs.filter { ballots[$0]?.standing == .counted }
    if !fresh.isEmpty {
      let marks = fresh.map { ballots[$0]?.mark ?? .none }
      try await tx.execute(
        """
        INSERT INTO votes (idea_id, member_id, cast_at, origin, session)
        SELECT i, m, \(now), o, s
        FROM unnest(\(fresh.map(\.idea.uuid)), \(fresh.map(\.member.uuid)),
                    \(marks.map(\.origin)), \(marks.map(\.session))) AS p (i, m, o, s)
        """)
    }
    let held = pairs.filter { ballots[$0].map { $0.standing != .counted } ?? false }
    if !held.isEmpty {
      try await tx.execute(
        """
        UPDATE held_votes SET withdrawn = w
        FROM unnest(\(held.map(\.idea.uuid)), \(held.map(\.member.uuid)),
                    \(held.map { ballots[$0]?.isWithdrawn ?? false })) AS p (i, m, w)
        WHERE idea_id = i AND member_id = m
        """)
    }
    try await writeCounts(Set(gone.union(fresh).map(\.idea)), in: tx)
    try await writeCharges(in: tx)
  }

  private func writeCounts(_ changed: Set<IdeaID>, in tx: Transaction) async throws {
    if changed.isEmpty { return }
    try await tx.execute(
      """
      UPDATE tallies SET votes = v
      FROM unnest(\(changed.map(\.uuid)), \(changed.map { ideas[$0]?.votes ?? 0 })) AS n (i, v)
      WHERE idea_id = i
      """)
  }

  private func writeCharges(in tx: Transaction) async throws {
    let changed = Set(chargesBefore.keys).union(charges.keys)
      .filter { chargesBefore[$0] != charges[$0] }
    let gone = changed.filter { chargesBefore[$0] != nil }
    if !gone.isEmpty {
      try await tx.execute(
        """
        DELETE FROM vote_charges WHERE (member_id, idea_id) IN (
          SELECT m, i FROM unnest(\(gone.map(\.member.uuid)), \(gone.map(\.idea.uuid))) AS p (m, i))
        """)
    }
    let fresh = changed.compactMap { pair in charges[pair].map { (pair, $0) } }
    if !fresh.isEmpty {
      try await tx.execute(
        """
        INSERT INTO vote_charges (member_id, idea_id, kind, began_at)
        SELECT * FROM unnest(\(fresh.map(\.0.member.uuid)), \(fresh.map(\.0.idea.uuid)),
                             \(fresh.map(\.1.kind)), \(fresh.map(\.1.beganAt)))
        """)
    }
    let moved = spent.filter { spentBefore[$0.key] != $0.value }
    try await VoteAccount.write(moved, allowed: policy.budget.votes ?? 0, in: tx)
  }
}
