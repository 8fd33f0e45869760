import Postgres

/// Makes a member.
public enum CreateMember {
  public enum Outcome: Sendable {
    case created(Member)
    case handleTaken
    case emailTaken
  }

  /// - Parameter passwordHash: nil for a member that signs in by tokens only.
  /// - Throws: `Invalid` for a draft with faults.
  public static func run(
    _ draft: MemberDraft, role: Role = .member, passwordHash: String?,
    id: MemberID = .new(), at now: Timestamp = .now, in db: some Queryable
  ) async throws -> Outcome {
    try Invalid.refuse(draft.faults)
    // Both uniqueness rules are constraints; which of them said no is asked afterwards.
    let member = try await db.first(
      """
      INSERT INTO members (id, handle, display_name, email, password_hash, role, joined_at)
      VALUES (\(id.uuid), \(draft.handle), \(draft.displayName), \(draft.email), \(passwordHash),
              \(role.rawValue), \(now))
      ON CONFLICT DO NOTHING
      RETURNING \(Member.columns)
      """, of: Member.self)
    if let member { return .created(member) }
    let isHandle = try await db.one(
      "SELECT EXISTS (SELECT 1 FROM members WHERE handle = \(draft.handle))", as: Bool.self)
    return isHandle ? .handleTaken : .emailTaken
  }
}
