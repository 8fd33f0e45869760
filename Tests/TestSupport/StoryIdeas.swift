import Coinvent
import Postgres

extension Story {
  /// A draft that could be opened as it is.
  public func draft(by author: MemberID, title: String = "A cable that never tangles") async throws
    -> IdeaID
  {
    let draft = IdeaDraft(
      title: title, pitch: "Cables, tamed.", problem: "Cables tangle.",
      solution: "This one does not.", category: "home")
    let outcome = try await pool.transaction {
      try await SubmitIdea.run(draft, by: author, as: .draft, in: $0)
    }
    guard case .made(let idea) = outcome else { throw Surprise("\(outcome)") }
    return idea.id
  }

  public func edit(
    _ idea: IdeaID, _ change: EditIdea.Change, version: Int64? = nil, by author: MemberID
  ) async throws -> EditIdea.Outcome {
    try await pool.transaction {
      try await EditIdea.run(change, idea: idea, version: version, by: author, in: $0)
    }
  }

  @discardableResult
  public func move(
    _ idea: IdeaID, to state: Idea.State, by curator: MemberID? = nil, at now: Timestamp = .now
  ) async throws -> MoveIdea.Outcome {
    try await pool.transaction {
      try await MoveIdea.run(
        idea, to: state, reason: "It is time.", by: curator, at: now, in: $0)
    }
  }

  /// Makes ideas enter this chain from now on.
  public func gates(_ name: String, _ steps: [(votes: Int64, days: Int64)], by admin: MemberID)
    async throws
  {
    let chain = GateChain(name: name, steps: steps.map { .init(votes: $0.votes, days: $0.days) })
    try await pool.transaction { tx in
      guard case .made = try await chain.make(in: tx),
        try await GateChain.choose(name, by: admin, in: tx)
      else { throw Surprise("the chain \(name) is there already") }
    }
  }

  @discardableResult
  public func merge(_ idea: IdeaID, into original: IdeaID, by curator: MemberID) async throws
    -> MergeIdeas.Outcome
  {
    try await pool.transaction {
      try await MergeIdeas.run(
        idea, into: original, reason: "The same thought.", by: curator, in: $0)
    }
  }

  @discardableResult
  public func unmerge(_ idea: IdeaID, by curator: MemberID) async throws -> UnmergeIdeas.Outcome {
    try await pool.transaction {
      try await UnmergeIdeas.run(idea, reason: "Not the same.", by: curator, in: $0)
    }
  }
}
