import Postgres

/// Who voted, in exports: always the same for the same member of this community, and nothing that
/// leads to the member.
struct VoterID: EntityID {
  static let prefix = "voter"
  let uuid: UUID
}

/// A vote as it is exported. Rows come in no order: one by members would tell who joined before
/// whom.
struct ExportedVote: ExportedRow {
  let idea: IdeaID
  let voter: VoterID
  let castAt: Timestamp
  /// `counted`, or what keeps it from counting: see `held_votes`.
  let state: String

  static let columns: [StaticString] = ["idea_id", "voter", "cast_at", "state"]

  static let declare: Query =
    """
    DECLARE exported_votes NO SCROLL CURSOR FOR
    SELECT idea_id, pseudonym(member_id, key), cast_at, state
    FROM (
      SELECT idea_id, member_id, cast_at, 'counted' AS state FROM votes
      UNION ALL
      SELECT idea_id, member_id, cast_at, state FROM held_votes WHERE NOT withdrawn
    ) AS v CROSS JOIN (SELECT key FROM signing_keys WHERE purpose = 'voters') AS k
    """
  static let fetch: Query = "FETCH 4000 FROM exported_votes"

  /// Makes the key of the pseudonyms unless there is one: 244 random bits, which only the database
  /// ever sees.
  static func makeKey(in db: some Queryable) async throws {
    try await db.execute(
      """
      INSERT INTO signing_keys (purpose, key)
      SELECT 'voters', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
      WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE purpose = 'voters')
      ON CONFLICT DO NOTHING
      """)
  }

  init(row: inout RowReader) throws {
    idea = IdeaID(uuid: try row.next(UUID.self))
    voter = VoterID(uuid: try row.next(UUID.self))
    castAt = try row.next(Timestamp.self)
    state = try row.next(String.self)
  }

  func write(into record: inout RecordWriter) {
    record.field("idea_id", idea)
    record.field("voter", voter)
    record.field("cast_at", castAt)
    record.field("state", state)
  }
}
