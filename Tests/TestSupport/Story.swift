import Coinvent
import Postgres

/// Tells a test what has happened before it begins, through the domain's own actions.
public struct Story: Sendable {
  public let pool: Pool

  public init(_ pool: Pool) { self.pool = pool }

  /// A member who signs in by tokens only; the e-mail address follows from the handle.
  @discardableResult
  public func member(_ handle: String, role: Role = .member) async throws -> MemberID {
    let draft = MemberDraft(
      handle: handle, displayName: handle, email: "\(handle)@example.org")
    switch try await CreateMember.run(draft, role: role, passwordHash: nil, in: pool) {
    case .created(let member): return member.id
    case .handleTaken, .emailTaken: throw Surprise("the handle \(handle) is taken")
    }
  }

  /// Many members at once: `crowd(3)` makes m0, m1, m2.
  public func crowd(_ count: Int, prefix: String = "m") async throws -> [MemberID] {
    try await withThrowingTaskGroup(of: (Int, MemberID).self) { group in
      for number in 0..<count {
        group.addTask {
          let handle = "\(prefix)\(number)"
          return (
            number,
            try await member(String(repeating: "_", count: max(0, 3 - handle.count)) + handle)
          )
        }
      }
      var members = [MemberID?](repeating: nil, count: count)
      for try await (number, id) in group { members[number] = id }
      return members.compactMap(\.self)
    }
  }

  /// A token's text.
  public func token(
    of member: MemberID, scopes: Set<Scope> = .everything, lasting: Duration = .seconds(3600),
    at now: Timestamp = .now
  ) async throws -> String {
    let made = try await CreateToken.run(
      for: member, scopes: scopes, lasting: lasting, at: now, in: pool)
    switch made {
    case .created(_, let secret): return secret.text
    case .unknownMember: throw Surprise("there is no such member")
    }
  }

  /// An open idea.
  public func idea(
    by author: MemberID, title: String = "A cable that never tangles", category: String = "home",
    details: IdeaDetails = IdeaDetails(), at now: Timestamp = .now
  ) async throws -> IdeaID {
    let draft = IdeaDraft(
      title: title, pitch: "Cables, tamed.", problem: "Cables tangle.",
      solution: "This one does not.", category: category, details: details)
    let outcome = try await pool.transaction {
      try await SubmitIdea.run(draft, by: author, at: now, in: $0)
    }
    guard case .made(let idea) = outcome else { throw Surprise("\(outcome)") }
    return idea.id
  }

  @discardableResult
  public func vote(_ member: MemberID, for idea: IdeaID, at now: Timestamp = .now) async throws
    -> CastVotes.Answer
  {
    try await wish(CastVotes.Wish(idea: idea, member: member, voted: true), at: now)
  }

  @discardableResult
  public func withdraw(_ member: MemberID, from idea: IdeaID, at now: Timestamp = .now)
    async throws -> CastVotes.Answer
  {
    try await wish(CastVotes.Wish(idea: idea, member: member, voted: false), at: now)
  }

  private func wish(_ wish: CastVotes.Wish, at now: Timestamp) async throws -> CastVotes.Answer {
    try await CastVotes.run([wish], at: now, in: pool)[0]
  }

  /// Accepts an idea; the product it becomes.
  public func accept(
    _ idea: IdeaID, by curator: MemberID, recipe: Recipe? = nil,
    contract: ContractTerms = .standard, at now: Timestamp = .now
  ) async throws -> ProductID {
    let outcome = try await decide(
      .accept, idea, by: curator, recipe: recipe, contract: contract, at: now)
    guard case .decided(_, let product?) = outcome else { throw Surprise("\(outcome)") }
    return product
  }

  @discardableResult
  public func decide(
    _ decision: DecideIdea.Decision, _ idea: IdeaID, by curator: MemberID,
    recipe: Recipe? = nil, contract: ContractTerms = .standard, at now: Timestamp = .now
  ) async throws -> DecideIdea.Outcome {
    try await pool.transaction { tx in
      try await DecideIdea.run(
        decision, idea: idea, reason: "The community says so.", recipe: recipe,
        contract: contract, by: curator, at: now, in: tx)
    }
  }
}

/// Something that a story did not expect.
public struct Surprise: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
