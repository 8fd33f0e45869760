import Postgres

/// Seals the votes that stand when a gate is decided, so that anybody can count them again.
public enum SealTally {
  /// The caller holds the idea's tally, so that no vote is under way.
  static func run(_ idea: IdeaID, gate number: Int, at now: Timestamp, in tx: Transaction)
    async throws
  {
    try await tx.execute(
      """
      INSERT INTO sealed_votes (idea_id, number, member_id, cast_at)
      SELECT idea_id, \(Int64(number)), member_id, cast_at FROM votes
      WHERE idea_id = \(idea.uuid)
      """)
    try await tx.execute(
      """
      INSERT INTO tally_seals (idea_id, number, sealed_at, electorate, votes, hash)
      SELECT \(idea.uuid), \(Int64(number)), \(now), (SELECT count(*) FROM members),
             count(*), votes_hash(\(idea.uuid))
      FROM votes WHERE idea_id = \(idea.uuid)
      """)
  }

  /// What a recount of one seal has found.
  public struct Recount: Sendable {
    public let number: Int
    public let sealedAt: Timestamp
    public let electorate: Int64
    public let votes: Int64
    public let hash: [UInt8]
    /// What the sealed votes themselves count and hash to.
    public let counted: Int64
    public let countedHash: [UInt8]
    /// Sealed votes that do not stand any more: withdrawn since, or given to another idea.
    public let goneSince: Int64

    public var isRight: Bool { counted == votes && countedHash == hash }
  }

  /// Counts every seal of an idea again, from the sealed votes and by this program's own SHA-256
  /// instead of the database's.
  public static func recount(_ idea: IdeaID, in db: some Queryable) async throws -> [Recount] {
    let seals = try await db.all(
      """
      SELECT number, sealed_at, electorate, s.votes, hash, (
        SELECT count(*) FROM sealed_votes v WHERE v.idea_id = s.idea_id AND v.number = s.number
          AND NOT EXISTS (SELECT FROM votes w
                          WHERE w.idea_id = v.idea_id AND w.member_id = v.member_id
                            AND w.cast_at = v.cast_at))
      FROM tally_seals s WHERE idea_id = \(idea.uuid) ORDER BY number
      """, as: (Int32, Timestamp, Int64, Int64, [UInt8], Int64).self)
    var recounts: [Recount] = []
    for (number, sealedAt, electorate, votes, hash, gone) in seals {
      let ballots = try await db.all(
        """
        SELECT member_id, cast_at FROM sealed_votes
        WHERE idea_id = \(idea.uuid) AND number = \(number) ORDER BY member_id
        """, as: (UUID, Timestamp).self)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(ballots.count * 24)
      for (member, castAt) in ballots {
        bytes += member.bytes
        let moment = UInt64(bitPattern: castAt.microseconds)
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
          bytes.append(UInt8(truncatingIfNeeded: moment >> shift))
        }
      }
      recounts.append(
        Recount(
          number: Int(number), sealedAt: sealedAt, electorate: electorate, votes: votes, hash: hash,
          counted: Int64(ballots.count), countedHash: Digest.sha256(bytes), goneSince: gone))
    }
    return recounts
  }
}
