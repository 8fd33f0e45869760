import Postgres

/// Looks through new votes for signals of rings and sock puppets.
///
/// Votes are looked at once, by slices of time, and what they add up to is kept: the cost follows
/// the new votes. Any number of workers may do it, and each may die at any moment: a slice is one
/// transaction, and so is each hold.
public enum WatchVotes {
  public struct Report: Sendable, Equatable {
    /// Slices of time that were looked through.
    public var slices = 0
    public var signals = 0
    public var held = 0

    public init() {}

    public var didNothing: Bool { signals == 0 && held == 0 }

    public static func += (sum: inout Report, part: Report) {
      sum.slices += part.slices
      sum.signals += part.signals
      sum.held += part.held
    }
  }

  /// Votes younger than this may still be on their way to their commit.
  static let patience = Duration.seconds(60)
  static let window = Duration.seconds(300)
  static let slice = Duration.seconds(6 * 3600)
  /// How far back two votes may lie to be part of one pattern.
  static let lookBack = Duration.seconds(30 * 86_400)

  /// Looks at all that is due.
  public static func run(at now: Timestamp = .now, in pool: Pool) async throws -> Report {
    var report = Report()
    while true {
      let found = try await pool.transaction { try await look(at: now, in: $0) }
      guard let found else { break }
      report.slices += 1
      report.signals += found
    }
    report.held = try await holdByRule(at: now, in: pool)
    return report
  }

  /// One slice.
  /// - Returns: how many signals are new or have grown; nil when nothing is due, or another worker
  ///   is at it.
  private static func look(at now: Timestamp, in tx: Transaction) async throws -> Int? {
    let through = try await tx.first(
      "SELECT through FROM vote_watch FOR UPDATE SKIP LOCKED", as: Timestamp.self)
    guard let start = through else { return nil }
    let end = min(lastWindow(before: now - patience), start + slice)
    guard end > start else { return nil }
    let span = Span(start: start, end: end)
    try await CountDays.run(span, in: tx)
    var found = try await FindBursts.run(span, at: now, in: tx)
    found += try await FindOrigins.run(span, at: now, in: tx)
    found += try await FindYoung.run(span, at: now, in: tx)
    found += try await FindReciprocal.run(span, at: now, in: tx)
    found += try await FindLockstep.run(span, at: now, in: tx)
    found += try await FindTogether.run(span, at: now, in: tx)
    try await tx.execute("DELETE FROM vote_pairs WHERE last_at < \(end - lookBack)")
    try await tx.execute("DELETE FROM vote_days WHERE day < \((end - lookBack).day)")
    try await tx.execute("UPDATE vote_watch SET through = \(end)")
    try await VoteMarks.forget(at: now, in: tx)
    return found
  }

  private static func lastWindow(before now: Timestamp) -> Timestamp {
    Timestamp(microseconds: now.microseconds - now.microseconds % 300_000_000)
  }

  /// Holds the votes of signals that score what the policy says, and votes that have come to
  /// signals that are held.
  private static func holdByRule(at now: Timestamp, in pool: Pool) async throws -> Int {
    let policy = try await VotePolicy.current(in: pool)
    let due = try await pool.all(
      """
      SELECT id, score::bigint FROM vote_signals
      WHERE pending AND (state = 'held' OR (state = 'open' AND score >= \(policy.holdScore)))
      ORDER BY id
      """, as: (UUID, Int64).self)
    var held = 0
    for (id, score) in due {
      let outcome = try await pool.transaction {
        try await DecideSignal.run(
          .hold, signal: SignalID(uuid: id),
          reason: "The policy holds signals of this score: \(score).",
          by: nil, at: now, in: $0)
      }
      if case .decided = outcome { held += 1 }
    }
    return held
  }

  /// Votes from `start` on and before `end`.
  struct Span: Sendable {
    let start: Timestamp
    let end: Timestamp

    /// New votes, and those of the window before, each with its window's number.
    var recent: Query {
      """
      SELECT idea_id, member_id, cast_at, origin,
             floor(extract(epoch FROM cast_at) / 300)::bigint AS w
      FROM votes WHERE cast_at >= \(start - window) AND cast_at < \(end)
      """
    }
  }

  /// Records a finding, or what is new about it.
  ///
  /// `found` is a query of (about, score, evidence, ideas, members): the votes of these members for
  /// these ideas are what it names. Decided signals stay as they are.
  static func record(
    _ found: Query, kind: VoteSignal.Kind, method: String, at now: Timestamp, in tx: Transaction
  ) async throws -> Int {
    let rows = try await tx.all(
      found + " ORDER BY 1", as: (String, Int64, String, [UUID], [UUID]).self)
    for (about, score, evidence, ideas, members) in rows {
      try await record(
        Finding(about: about, score: score, evidence: evidence, ideas: ideas, members: members),
        kind: kind, method: method, at: now, in: tx)
    }
    return rows.count
  }

  struct Finding: Sendable {
    let about: String
    let score: Int64
    let evidence: String
    let ideas: [UUID]
    let members: [UUID]
  }

  static func record(
    _ finding: Finding, kind: VoteSignal.Kind, method: String, at now: Timestamp,
    in tx: Transaction
  ) async throws {
    let id = try await tx.first(
      """
      INSERT INTO vote_signals AS s (id, about, kind, method, score, evidence, state, pending,
                                     found_at, changed_at)
      VALUES (\(SignalID.new(at: now).uuid), \(finding.about), \(kind), \(method),
              \(min(1000, finding.score)), \(finding.evidence)::text::jsonb, 'open', true, \(now),
              \(now))
      ON CONFLICT (about) DO UPDATE SET score = greatest(s.score, excluded.score),
        evidence = excluded.evidence, pending = true, changed_at = excluded.changed_at
      WHERE s.state IN ('open', 'held')
      RETURNING id
      """, as: UUID.self)
    guard let id else { return }
    try await tx.execute(
      """
      INSERT INTO vote_signal_votes (signal_id, idea_id, member_id)
      SELECT \(id), idea_id, member_id FROM votes
      WHERE idea_id = ANY(\(finding.ideas)) AND member_id = ANY(\(finding.members))
      ON CONFLICT DO NOTHING
      """)
  }
}
