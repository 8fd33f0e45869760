import JSON
import Postgres

/// The record of what curators and admins do to what others have made. Rows are only ever added.
public enum Audit {
  public struct Entry: Sendable, RowDecodable {
    public let number: Int64
    /// Nil: an operator at the command line.
    public let actor: MemberID?
    public let actorHandle: String?
    public let action: String
    /// The TypeID of what it was done to, or the name of what there is once.
    public let thing: String
    public let reason: String?
    public let before: StoredText?
    public let after: StoredText?
    public let happenedAt: Timestamp

    public init(row: inout RowReader) throws {
      number = try row.next(Int64.self)
      actor = try row.next(UUID?.self).map(MemberID.init(uuid:))
      actorHandle = try row.next(String?.self)
      action = try row.next(String.self)
      thing = try row.next(String.self)
      reason = try row.next(String?.self)
      before = try row.next(StoredText?.self)
      after = try row.next(StoredText?.self)
      happenedAt = try row.next(Timestamp.self)
    }
  }

  /// - Parameters:
  ///   - action: what was done, such as `comment_removed`.
  ///   - thing: the TypeID of what it was done to, or a word for what there is once.
  ///   - before: what was there that is different now.
  ///   - actor: nil when an operator does it at the command line.
  public static func record(
    _ action: String, on thing: String, reason: String? = nil, before: JSON? = nil,
    after: JSON? = nil, by actor: MemberID?, at now: Timestamp = .now, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO audit (actor_id, action, thing, reason, before, after, happened_at)
      VALUES (\(actor?.uuid), \(action), \(thing), \(reason?.trimmed),
              \(before?.text())::text::jsonb, \(after?.text())::text::jsonb, \(now))
      """)
  }
}
