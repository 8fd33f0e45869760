import Postgres

/// The settlements that a publication tells of, and where in the books to look for what it is the
/// first to tell.
struct StatementSettlements: Sendable {
  struct Some: Sendable {
    let ids: [UUID]
    /// They were posted no earlier; nil: at any time.
    var since: Timestamp?

    /// The condition for their transfers to members.
    var deliver: Query {
      if ids.isEmpty { return "false" }
      return """
        reason = 'deliver' AND cause = ANY(\(ids))
          AND posted_at >= coalesce(\(since), '-infinity')
        """
    }
  }

  /// Of the period: those that this version or one before it was the first to tell of.
  let told: [UUID]
  /// Those that this one is the first to tell of.
  private(set) var new: Some
  /// Those that a later period will tell of.
  private(set) var later: Some
  /// Other transfers that no statement has yet were posted no earlier; nil: at any time.
  private(set) var movedSince: Timestamp?

  /// Clocks of servers differ, and what is posted is seen only when its transaction ends: by so
  /// much, at the most. A statement that misses something does not add up to the balance, and is
  /// made again from all of the books (`PublishPeriod`).
  private static let slack = Duration.seconds(86_400)

  /// The same, wherever in the books.
  var anywhen: StatementSettlements {
    var all = self
    (all.new.since, all.later.since, all.movedSince) = (nil, nil, nil)
    return all
  }

  static func load(_ period: Period, version: Int, in db: some Queryable) async throws
    -> StatementSettlements
  {
    let rows = try await db.all(
      """
      SELECT s.id, s.planned_at,
        CASE WHEN s.period_id = \(period.id.uuid) THEN statement_version END
      FROM settlements s LEFT JOIN periods p ON p.id = s.period_id
      WHERE s.statement_version IS NULL OR p.number >= \(Int32(period.number))
      """, as: (UUID, Timestamp, Int32?).self)
    func some(_ isOne: (Int32?) -> Bool) -> Some {
      let found = rows.filter { isOne($0.2) }
      return Some(ids: found.map(\.0), since: found.map(\.1).min().map { $0 - slack })
    }
    let before = try await db.one(
      "SELECT max(begun_at) FROM publications WHERE done_at IS NOT NULL", as: Timestamp?.self)
    return StatementSettlements(
      told: some { $0.map { $0 <= version } ?? false }.ids,
      new: some { $0 == Int32(version) },
      later: some { $0 == nil },
      movedSince: before.map { $0 - slack })
  }
}
