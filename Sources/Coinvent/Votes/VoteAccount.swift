import Postgres

/// What votes are charged to: a period of a member's, or all that is outstanding.
struct VoteAccount: Hashable, Sendable, Comparable {
  let kind: String
  let beganAt: Timestamp

  static let outstanding = VoteAccount(
    kind: "outstanding", beganAt: Timestamp(microseconds: 0))

  static func < (a: VoteAccount, b: VoteAccount) -> Bool {
    (a.kind, a.beganAt) < (b.kind, b.beganAt)
  }

  /// One of a member's accounts.
  struct Owned: Hashable, Sendable, Comparable {
    let member: MemberID
    let account: VoteAccount

    static func < (a: Owned, b: Owned) -> Bool {
      (a.member, a.account) < (b.member, b.account)
    }
  }

  /// What each account has spent, locked in one order; those that are missing are opened.
  ///
  /// Who asks holds the tallies of the ideas already: everybody locks ideas, then tallies, then
  /// accounts.
  static func hold(_ accounts: Set<Owned>, in tx: Transaction) async throws -> [Owned: Int64] {
    if accounts.isEmpty { return [:] }
    let list = accounts.sorted()
    let members = list.map(\.member.uuid)
    let kinds = list.map(\.account.kind)
    let began = list.map(\.account.beganAt)
    try await tx.execute(
      """
      INSERT INTO vote_accounts (member_id, kind, began_at, spent, allowed)
      SELECT m, k, b, 0, 0 FROM unnest(\(members), \(kinds), \(began)) AS a (m, k, b)
      ORDER BY m, k COLLATE "C", b ON CONFLICT DO NOTHING
      """)
    let rows = try await tx.all(
      """
      SELECT member_id, kind, began_at, spent FROM vote_accounts
      WHERE (member_id, kind, began_at) IN (
        SELECT m, k, b FROM unnest(\(members), \(kinds), \(began)) AS a (m, k, b))
      ORDER BY member_id, kind COLLATE "C", began_at FOR NO KEY UPDATE
      """, as: (UUID, String, Timestamp, Int32).self)
    var spent: [Owned: Int64] = [:]
    for (member, kind, beganAt, count) in rows {
      let account = VoteAccount(kind: kind, beganAt: beganAt)
      spent[Owned(member: MemberID(uuid: member), account: account)] = Int64(count)
    }
    return spent
  }

  /// Writes what accounts have spent now. The schema refuses more than is allowed: a policy that
  /// allows less than was spent leaves that standing, and nothing more.
  static func write(_ spent: [Owned: Int64], allowed: Int64, in tx: Transaction) async throws {
    if spent.isEmpty { return }
    let list = spent.keys.sorted()
    try await tx.execute(
      """
      UPDATE vote_accounts SET spent = s,
        allowed = CASE WHEN s > vote_accounts.spent THEN \(allowed)
                       ELSE greatest(s, allowed) END
      FROM unnest(\(list.map(\.member.uuid)), \(list.map(\.account.kind)),
                  \(list.map(\.account.beganAt)), \(list.map { spent[$0] ?? 0 }))
        AS a (m, k, b, s)
      WHERE member_id = m AND kind = k AND began_at = b
      """)
  }

  /// An idea is decided or ends: votes for it are not outstanding any more.
  static func release(_ idea: IdeaID, in tx: Transaction) async throws {
    let members = try await tx.all(
      """
      SELECT a.member_id FROM vote_charges c JOIN vote_accounts a USING (member_id, kind, began_at)
      WHERE c.idea_id = \(idea.uuid) AND c.kind = 'outstanding'
      ORDER BY a.member_id FOR NO KEY UPDATE OF a
      """, as: UUID.self)
    if members.isEmpty { return }
    try await tx.execute(
      """
      WITH freed AS (
        DELETE FROM vote_charges WHERE idea_id = \(idea.uuid) AND kind = 'outstanding'
        RETURNING member_id, kind, began_at)
      UPDATE vote_accounts a SET spent = spent - 1 FROM freed
      WHERE a.member_id = freed.member_id AND a.kind = freed.kind AND a.began_at = freed.began_at
      """)
  }
}
