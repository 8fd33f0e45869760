import Postgres

/// What a voter likes about an idea: a few words of a list, and a note.
///
/// It stands and falls with the vote, which is looked at here and knows nothing of it.
public struct Liking: Sendable, Equatable {
  public enum Word: String, CaseIterable, Sendable {
    case usefulness, originality, design, price, sustainability, simplicity, quality, safety, fun
    case timing
  }

  public let words: [Word]
  public let note: String

  public init(words: [Word], note: String) {
    self.words = words
    self.note = note
  }

  /// Everything wrong with it, by JSON pointer.
  public var faults: [Invalid.Fault] {
    var found: [Invalid.Fault] = []
    if words.count > 5 || Set(words).count < words.count {
      found.append(("/words", "must be at most 5 different words"))
    }
    if let fault = note.trimmed.fault(0...280, lines: true) { found.append(("/note", fault)) }
    if words.isEmpty && note.trimmed.isEmpty {
      found.append(("/note", "must say something when there are no words"))
    }
    return found
  }

  public enum Outcome: Sendable {
    case written
    /// Only with a vote that stands.
    case noVote
    case ended(Idea.State)
    case unknownIdea
  }

  /// Puts it in place of what the voter wrote before.
  /// - Throws: `Invalid` when it has faults.
  public func write(
    about idea: IdeaID, by voter: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    try Invalid.refuse(faults)
    let state = try await tx.first(
      "SELECT state FROM ideas WHERE id = \(idea.uuid) FOR KEY SHARE", as: Idea.State.self)
    guard let state, state != .draft else { return .unknownIdea }
    guard !state.isEnd else { return .ended(state) }
    // Another server's clock may be ahead of ours.
    let written = try await tx.execute(
      """
      INSERT INTO idea_likings (idea_id, member_id, place, words, note, written_at)
      SELECT idea_id, member_id, \(Int64.random(in: 1...Int64.max)),
             \(words.map(\.rawValue)), \(note.trimmed), greatest(cast_at, \(now))
      FROM votes WHERE idea_id = \(idea.uuid) AND member_id = \(voter.uuid)
      ON CONFLICT (idea_id, member_id) DO UPDATE
        SET words = excluded.words, note = excluded.note, written_at = excluded.written_at
      """)
    return written == 0 ? .noVote : .written
  }

  /// What the voter wrote; nil when nothing stands.
  public static func find(
    about idea: IdeaID, by voter: MemberID, in db: some Queryable
  ) async throws -> Liking? {
    let row = try await db.first(
      """
      SELECT words, note FROM \(standing)
      WHERE l.idea_id = \(idea.uuid) AND l.member_id = \(voter.uuid)
      """, as: ([String], String).self)
    return row.map { Liking(words: $0.0.compactMap(Word.init(rawValue:)), note: $0.1) }
  }

  /// Takes it back; there may be none.
  public static func remove(about idea: IdeaID, by voter: MemberID, in tx: Transaction)
    async throws
  {
    try await tx.execute(
      """
      DELETE FROM idea_likings WHERE idea_id = \(idea.uuid) AND member_id = \(voter.uuid)
      """)
  }

  /// Those whose vote stands, and is the one that they were written with.
  static let standing: Query =
    """
    idea_likings AS l JOIN votes AS v
      ON v.idea_id = l.idea_id AND v.member_id = l.member_id AND v.cast_at <= l.written_at
    """
}

/// What all voters like about an idea, without their names.
public struct Likings: Sendable {
  /// How many named each word, the most named first.
  public let words: [(word: String, count: Int64)]
  /// In an order that tells nothing.
  public let notes: [String]
  /// Where the next page begins; nil on the last one.
  public let next: Int64?

  /// - Parameter place: `next` of the page before.
  public static func read(
    of idea: IdeaID, after place: Int64 = 0, limit: Int = 20, in db: some Queryable
  ) async throws -> Likings {
    let words = try await db.all(
      """
      SELECT word, count(*) FROM \(Liking.standing), unnest(words) AS word
      WHERE l.idea_id = \(idea.uuid) GROUP BY word ORDER BY count(*) DESC, word
      """, as: (String, Int64).self)
    let notes = try await db.all(
      """
      SELECT place, note FROM \(Liking.standing)
      WHERE l.idea_id = \(idea.uuid) AND note <> '' AND place > \(place)
      ORDER BY place LIMIT \(limit + 1)
      """, as: (Int64, String).self)
    let page = notes.prefix(limit)
    return Likings(
      words: words.map { ($0.0, $0.1) }, notes: page.map(\.1),
      next: notes.count > limit ? page.last?.0 : nil)
  }
}
