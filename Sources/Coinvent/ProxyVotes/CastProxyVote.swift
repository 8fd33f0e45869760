import Postgres

/// Records a vote for a named person.
public enum CastProxyVote {
  /// What a curator knows of the person, before anything is known to be right about it.
  public struct Draft: Sendable {
    public let person: String
    public let email: String
    public let note: String?

    public init(person: String, email: String, note: String?) {
      self.person = person.trimmed
      self.email = email.trimmed
      self.note = note?.trimmed
    }

    /// Everything wrong with it, by JSON pointer.
    public var faults: [Invalid.Fault] {
      var faults: [Invalid.Fault] = []
      if let fault = person.fault(1...60) { faults.append(("/person", fault)) }
      if !MemberDraft.isEmail(email) { faults.append(("/email", "must be an e-mail address")) }
      if let fault = note?.fault(1...500, lines: true) { faults.append(("/note", fault)) }
      return faults
    }
  }

  public enum Outcome: Sendable {
    case recorded(ProxyVote)
    /// One for this address is there already, as it was first recorded.
    case alreadyThere(ProxyVote)
    /// The person is a member and votes for the idea already.
    case votesAlready
    /// The person is the idea's author.
    case ownIdea
    /// Votes are not taken in this state.
    case closed(Idea.State)
    case unknown
  }

  /// - Throws: `Invalid` for a draft with faults.
  public static func run(
    _ draft: Draft, idea id: IdeaID, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    try Invalid.refuse(draft.faults)
    let held = try await tx.first(
      "SELECT state, author_id FROM ideas WHERE id = \(id.uuid) FOR SHARE",
      as: (Idea.State, UUID).self)
    guard let (state, author) = held, state != .draft else { return .unknown }
    guard state == .open else { return .closed(state) }
    let member = try await tx.first(
      "SELECT id FROM members WHERE lower(email) = lower(\(draft.email))", as: UUID.self)
    if member == author { return .ownIdea }
    if let member, try await votes(member, for: id, in: tx) { return .votesAlready }
    let new = ProxyVoteID.new(at: now)
    let made = try await tx.execute(
      """
      INSERT INTO proxy_votes (idea_id, id, person, email, note, cast_by, cast_at)
      VALUES (\(id.uuid), \(new.uuid), \(draft.person), \(draft.email), \(draft.note),
              \(curator.uuid), \(now))
      ON CONFLICT (idea_id, lower(email)) WHERE rescinded_at IS NULL DO NOTHING
      """)
    let standing = try await tx.one(
      """
      SELECT \(ProxyVote.columns) FROM proxy_votes
      WHERE idea_id = \(id.uuid) AND lower(email) = lower(\(draft.email))
        AND rescinded_at IS NULL
      """, of: ProxyVote.self)
    return made == 1 ? .recorded(standing) : .alreadyThere(standing)
  }

  private static func votes(_ member: UUID, for idea: IdeaID, in db: some Queryable) async throws
    -> Bool
  {
    try await db.one(
      """
      SELECT EXISTS (SELECT FROM votes WHERE idea_id = \(idea.uuid) AND member_id = \(member))
      """, as: Bool.self)
  }
}
