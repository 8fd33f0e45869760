import Postgres

/// Finds ideas by words, the best first; by the look of their titles when no idea has the words.
public enum SearchIdeas {
  public struct Hit: Sendable {
    public let idea: Idea
    /// How well it fits; only the order means something.
    public let score: Double
    public let title: [Piece]
    public let excerpt: [Piece]
  }

  /// A part of a text, and whether the search found it.
  public struct Piece: Sendable, Equatable {
    public let text: String
    public let isMatch: Bool
  }

  public struct Found: Sendable {
    public let hits: [Hit]
    /// Nothing had the words; these have titles that look like them.
    public let isGuess: Bool
  }

  /// A word that is everywhere costs no more than a rare one: so many of the newest ideas that
  /// have the words are ranked.
  public static let ranked = 1000

  /// What is wrong with words to search for; nil when nothing is.
  public static func fault(_ words: String) -> String? { words.trimmed.fault(1...200) }

  /// - Parameters:
  ///   - words: as people write them into a search box: "quoted phrases", -without, or
  ///   - state: one that everybody may read
  ///   - limit: 1 to 50
  /// - Throws: `Invalid` for words that cannot be searched for.
  public static func run(
    _ words: String, state: Idea.State = .open, limit: Int = 20, in pool: Pool
  ) async throws -> Found {
    if let fault = fault(words) { throw Invalid("/q", fault) }
    precondition(!state.isHidden, "hidden ideas are not searched")
    return try await pool.transaction(readOnly: true) { tx in
      // What is asked for decides the plan: common words read the newest ideas, rare ones the
      // index of words.
      try await tx.execute("SET LOCAL plan_cache_mode = force_custom_plan")
      let rows = try await tx.all(
        query(words.trimmed, state: state, limit: limit), as: (UUID, Double, String, String).self)
      if !rows.isEmpty { return Found(hits: try await hits(rows, in: tx), isGuess: false) }
      let guesses = try await tx.all(
        guess(words.trimmed, state: state, limit: limit),
        as: (UUID, Double, String, String).self)
      return Found(hits: try await hits(guesses, in: tx), isGuess: true)
    }
  }

  /// Control characters mark what was found: no text of an idea has any.
  static func query(_ words: String, state: Idea.State, limit: Int) -> Query {
    """
    WITH found AS MATERIALIZED (
      SELECT idea_id, title, pitch, words FROM idea_texts
      WHERE state = \(state) AND words @@ websearch_to_tsquery('pg_catalog.english', \(words))
      ORDER BY opened_at DESC, idea_id DESC LIMIT \(ranked)
    ), best AS (
      SELECT idea_id, title, pitch,
             ts_rank_cd(words, websearch_to_tsquery('pg_catalog.english', \(words)), 4) AS score
      FROM found ORDER BY score DESC, idea_id DESC LIMIT \(limit)
    )
    SELECT idea_id, score::double precision, \(marked("title", words)), \(marked("pitch", words))
    FROM best ORDER BY score DESC, idea_id DESC
    """
  }

  private static func marked(_ column: StaticString, _ words: String) -> Query {
    """
    ts_headline('pg_catalog.english', \(unsafeSQL: "\(column)"),
      websearch_to_tsquery('pg_catalog.english', \(words)),
      E'StartSel=\\x02, StopSel=\\x03, HighlightAll=true')
    """
  }

  static func guess(_ words: String, state: Idea.State, limit: Int) -> Query {
    """
    SELECT idea_id, word_similarity(\(words), title)::double precision AS score, title, pitch
    FROM idea_texts WHERE state = \(state) AND \(words) <% title
    ORDER BY score DESC, idea_id DESC LIMIT \(limit)
    """
  }

  private static func hits(_ rows: [(UUID, Double, String, String)], in tx: Transaction)
    async throws -> [Hit]
  {
    let ideas = try await FindIdeas.run(rows.map { IdeaID(uuid: $0.0) }, in: tx)
    return zip(rows, ideas).compactMap { row, idea in
      idea.flatMap { $0.isHidden ? nil : $0 }.map {
        Hit(idea: $0, score: row.1, title: pieces(row.2), excerpt: pieces(row.3))
      }
    }
  }

  /// Cuts a text at its marks.
  static func pieces(_ marked: String) -> [Piece] {
    var pieces: [Piece] = []
    var text = String.UnicodeScalarView()
    func end(_ isMatch: Bool) {
      if !text.isEmpty { pieces.append(Piece(text: String(text), isMatch: isMatch)) }
      text.removeAll()
    }
    for scalar in marked.unicodeScalars {
      switch scalar.value {
      case 2: end(false)
      case 3: end(true)
      default: text.append(scalar)
      }
    }
    end(false)
    return pieces
  }
}
