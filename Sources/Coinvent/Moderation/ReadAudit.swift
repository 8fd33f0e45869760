import Postgres

/// Reads the record of what curators and admins have done, the last entry first.
public enum ReadAudit {
  /// What is looked for; nil: all.
  public struct Filter: Sendable {
    public var actor: MemberID?
    public var action: String?
    /// A TypeID, or the name of what there is once.
    public var thing: String?
    /// What TypeIDs begin with, such as `idea`.
    public var kind: String?
    public var since: Timestamp?
    public var until: Timestamp?

    public init() {}
  }

  /// - Parameter number: where the page before ended.
  public static func run(
    _ filter: Filter = Filter(), before number: Int64 = .max, limit: Int = 20,
    in db: some Queryable
  ) async throws -> [Audit.Entry] {
    var conditions: Query = "number < \(number)"
    if let actor = filter.actor { conditions = "\(conditions) AND actor_id = \(actor.uuid)" }
    if let action = filter.action { conditions = "\(conditions) AND action = \(action)" }
    if let thing = filter.thing { conditions = "\(conditions) AND thing = \(thing)" }
    if let kind = filter.kind {
      conditions = "\(conditions) AND split_part(thing, '_', 1) = \(kind)"
    }
    if let since = filter.since { conditions = "\(conditions) AND happened_at >= \(since)" }
    if let until = filter.until { conditions = "\(conditions) AND happened_at < \(until)" }
    return try await db.all(
      """
      SELECT number, actor_id, handle, action, thing, reason, before::text, after::text,
             happened_at
      FROM audit LEFT JOIN members ON members.id = actor_id
      WHERE \(conditions) ORDER BY number DESC LIMIT \(limit)
      """, of: Audit.Entry.self)
  }
}
