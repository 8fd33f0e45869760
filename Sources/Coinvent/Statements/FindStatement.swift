import Postgres

/// Reads statements that members were told, and drafts of those that they will be.
public enum FindStatement {
  /// The text of a statement is not what its SHA-256 was taken of: rows were changed that never
  /// change.
  public struct IsNotTheSame: Error, CustomStringConvertible {
    let member: MemberID
    let period: String
    let version: Int
    public var description: String {
      "version \(version) of the statement of \(member) for \(period) is not what it was made as; "
        + "run: coinvent verify"
    }
  }

  /// One period at a time is published.
  public struct IsBeingPublished: Error, CustomStringConvertible {
    public let period: String
    public var description: String {
      "\(period) is being published; finish that before: coinvent period publish \(period)"
    }
  }

  /// What there is of a member: a period's latest version, the newest first.
  public struct Entry: Sendable {
    public let period: PeriodID
    public let name: String
    public let through: Day
    public let version: Int
    public let madeAt: Timestamp
    /// Nil until it is kept, soon after the publication.
    public let sha256: [UInt8]?
  }

  /// Published ones only.
  public static func list(of member: MemberID, in db: some Queryable) async throws -> [Entry] {
    let rows = try await db.all(
      """
      SELECT p.id, p.name, p.through, t.version, t.made_at, t.sha256
      FROM (\(published(to: member))) AS t JOIN periods p ON p.id = t.period_id
      ORDER BY p.number DESC, t.version DESC
      """, as: (UUID, String, Day, Int32, Timestamp, [UInt8]?).self)
    return rows.map {
      Entry(
        period: PeriodID(uuid: $0.0), name: $0.1, through: $0.2, version: Int($0.3),
        madeAt: $0.4, sha256: $0.5)
    }
  }

  /// What a member was told: looked up by publication, of which there are few.
  private static func published(to member: MemberID) -> Query {
    """
    SELECT u.period_id, u.version, b.made_at, s.sha256
    FROM publications u
    CROSS JOIN LATERAL (
      SELECT made_at FROM statement_balances b
      WHERE b.period_id = u.period_id AND b.version = u.version AND b.member_id = \(member.uuid)
      LIMIT 1
    ) AS b
    LEFT JOIN statement_seals s ON s.period_id = u.period_id AND s.version = u.version
      AND s.member_id = \(member.uuid)
    WHERE u.done_at IS NOT NULL
    """
  }

  /// - Parameter version: nil: the latest.
  /// - Returns: nil when there is none, or none that is published.
  public static func run(
    of member: MemberID, period: Period, version: Int? = nil, in db: some Queryable
  ) async throws -> Statement? {
    let wanted = version.map { Int32($0) }
    let row = try await db.first(
      """
      SELECT version, made_at, sha256 FROM (\(published(to: member))) AS t
      WHERE period_id = \(period.id.uuid)
        AND (\(wanted)::integer IS NULL OR version = \(wanted))
      ORDER BY version DESC LIMIT 1
      """, as: (Int32, Timestamp, [UInt8]?).self)
    guard let (found, madeAt, sha256) = row else { return nil }
    let products = try await ReadStatements.products(of: member.uuid, period, in: db)
    let facts = try await StatementFacts.load(
      period, version: Int(found), products: products, in: db)
    let made = try await ReadStatements.run([(member.uuid, madeAt)], facts, in: db).first
    guard let statement = made?.statement, sha256 == nil || statement.sha256 == sha256 else {
      throw IsNotTheSame(member: member, period: period.name, version: Int(found))
    }
    return statement
  }

  /// What the member would be told if the period were published now; nothing is written.
  /// - Returns: nil unless the period is approved, or when there is nothing to tell.
  /// - Throws: `IsBeingPublished` while another period is.
  public static func draft(of member: MemberID, period: Period, pool: Pool) async throws
    -> Statement?
  {
    struct Undo: Error { let statement: Statement? }
    do {
      return try await pool.transaction(isolation: .repeatableRead) { tx in
        guard let period = try await Period.lock(period.name, in: tx), period.state == .approved
        else { return nil }
        let other = try await tx.first(
          """
          SELECT p.name FROM publications u JOIN periods p ON p.id = u.period_id
          WHERE u.done_at IS NULL AND p.id <> \(period.id.uuid)
          """, as: String.self)
        if let other { throw IsBeingPublished(period: other) }
        let publication =
          if let open = try await Publication.open(of: period, in: tx) { open } else {
            try await Publication.begin(period, by: nil, at: .now, in: tx)
          }
        let making = MakeStatements(
          period: period, publication: publication,
          settlements: try await StatementSettlements.load(
            period, version: publication.version, in: tx
          ).anywhen)
        // A step of it may have made this one already.
        let isMade = try await tx.one(
          """
          SELECT EXISTS (
            SELECT FROM statement_balances
            WHERE period_id = \(period.id.uuid) AND version = \(Int32(publication.version))
              AND member_id = \(member.uuid))
          """, as: Bool.self)
        if !isMade, try await making.run(.one(member), in: tx) == 0 {
          throw Undo(statement: nil)
        }
        let products = try await ReadStatements.products(of: member.uuid, period, in: tx)
        let facts = try await StatementFacts.load(
          period, version: publication.version, products: products, in: tx)
        let madeAt = try await DatabaseClock.now(in: tx)
        let made = try await ReadStatements.run([(member.uuid, madeAt)], facts, in: tx)
        throw Undo(statement: made.first?.statement)
      }
    } catch let undone as Undo {
      return undone.statement
    }
  }
}
