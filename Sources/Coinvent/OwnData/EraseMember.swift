import Ledger
import Postgres

/// Makes a former member of a member: what tells who it was goes, and so do texts that were not
/// given away; the row, the votes' counts, influence and the books stay under a pseudonym.
public enum EraseMember {
  /// - Parameter member: has asked (`AskErasure`); that is what lets texts go that otherwise stay.
  public static func run(
    _ member: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Erasure.Outcome {
    let asked = try await tx.first(
      """
      SELECT gives, erased_at IS NOT NULL FROM erasures
      WHERE member_id = \(member.uuid) FOR UPDATE
      """, as: (Bool, Bool).self)
    guard let (gives, isDone) = asked else { preconditionFailure("nobody is erased unasked") }
    if isDone { return try await outcome(member, in: tx) }
    let money = try await Erasure.money(of: member, in: tx)
    guard money.openPayouts == 0 else { return .payoutOpen(money) }
    guard gives || !money.needsChoice else { return .moneyWaits(money) }
    try await HoldPayouts.run(member, because: "the member has left", now: now, in: tx)
    try await eraseIdeas(of: member, at: now, in: tx)
    try await CancelCommitment.all(of: member, at: now, in: tx)
    try await LeaverRule.apply(to: member, at: now, in: tx)
    // Fees of ideas that waited have come back to the balance.
    for amount in try await Erasure.money(of: member, in: tx).payable {
      try await give(amount, from: member, at: now, in: tx)
    }
    try await eraseComments(of: member, in: tx)
    try await eraseProxies(of: member, in: tx)
    try await deleteRows(of: member, in: tx)
    try await eraseMarks(of: member, in: tx)
    try await eraseName(of: member, in: tx)
    try await tx.execute(
      "UPDATE erasures SET erased_at = \(now) WHERE member_id = \(member.uuid)")
    return try await outcome(member, in: tx)
  }

  private static func outcome(_ member: MemberID, in tx: Transaction) async throws
    -> Erasure.Outcome
  {
    guard let erasure = try await Erasure.of(member, in: tx) else {
      preconditionFailure("the row was there")
    }
    return .erased(erasure)
  }

  /// What the house gets is a movement of its own in the books.
  static func give(
    _ amount: Amount, from member: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws {
    _ = try await Post.post(
      Transfer(
        home: member.uuid, cause: .v7(now: now), reason: .give,
        from: Account(.memberPayable, owner: member.uuid, currency: amount.currency),
        to: Account(.house, currency: amount.currency), amount: amount, at: now),
      mustCover: true, in: tx)
  }

  /// Always the same for a member, and nothing of it is the member's own choice.
  static func pseudonym(_ member: MemberID) -> String {
    "former_" + member.description.suffix(16)
  }

  private static func deleteRows(of member: MemberID, in tx: Transaction) async throws {
    for table in MemberTable.all {
      guard case .deleted = table.erasure, let column = table.columns.first else { continue }
      try await tx.execute(
        """
        DELETE FROM \(unsafeSQL: table.name) WHERE \(unsafeSQL: column) = \(member.uuid)
        """)
    }
  }

  /// Drafts, ideas that wait to be opened, and withdrawn ones whose rights went back to their
  /// author or were never given.
  private static func eraseIdeas(of member: MemberID, at now: Timestamp, in tx: Transaction)
    async throws
  {
    let own = try await tx.all(
      """
      SELECT id, state FROM ideas
      WHERE author_id = \(member.uuid) AND (
        state IN ('draft', 'submitted')
        OR (state = 'withdrawn' AND NOT EXISTS (
          SELECT 1 FROM term_acceptances a
          LEFT JOIN term_withdrawals w ON w.idea_id = a.idea_id
          WHERE a.idea_id = ideas.id AND w.taken_back IS NOT TRUE)))
      ORDER BY id FOR NO KEY UPDATE
      """, as: (UUID, Idea.State).self)
    for (id, state) in own {
      // Words and not nothing: an idea that waits must be whole.
      try await tx.execute(
        """
        UPDATE ideas SET title = 'An erased idea', pitch = '–', problem = '–', solution = '–',
          category = '–', features = NULL, similar_products = NULL, tags = NULL, links = NULL,
          version = version + \(state == .draft ? 0 : 1)
        WHERE id = \(id)
        """)
      try await tx.execute("DELETE FROM idea_versions WHERE idea_id = \(id)")
      try await DeleteImage.all(of: IdeaID(uuid: id), at: now, in: tx)
      guard state != .withdrawn else { continue }
      _ = try await MoveIdea.run(
        IdeaID(uuid: id), to: .withdrawn, reason: "Its author has left.", by: member, at: now,
        in: tx)
    }
  }

  /// Replies keep their place below them. Official answers are the community's own.
  private static func eraseComments(of member: MemberID, in tx: Transaction) async throws {
    try await tx.execute(
      """
      DELETE FROM comment_versions v USING comments c
      WHERE c.author_id = \(member.uuid) AND NOT c.official
        AND v.idea_id = c.idea_id AND v.comment_id = c.id
      """)
    try await tx.execute(
      """
      UPDATE comments SET text = '–', html = '<p>–</p>'
      WHERE author_id = \(member.uuid) AND NOT official
      """)
  }

  private static func eraseMarks(of member: MemberID, in tx: Transaction) async throws {
    for table in ["votes", "held_votes", "merged_votes"] {
      try await tx.execute(
        """
        UPDATE \(unsafeSQL: table) SET origin = NULL, session = NULL
        WHERE member_id = \(member.uuid) AND (origin IS NOT NULL OR session IS NOT NULL)
        """)
    }
  }

  private static func eraseProxies(of member: MemberID, in tx: Transaction) async throws {
    try await tx.execute(
      """
      UPDATE proxy_votes SET person = 'Former member', note = NULL,
        email = \(pseudonym(member) + "@members.invalid")
      WHERE confirmed_by = \(member.uuid)
        OR lower(email) = (SELECT lower(email) FROM members WHERE id = \(member.uuid))
      """)
  }

  private static func eraseName(of member: MemberID, in tx: Transaction) async throws {
    let handle = pseudonym(member)
    try await tx.execute(
      """
      UPDATE members SET handle = \(handle), display_name = 'Former member', email = NULL,
        password_hash = NULL, role = 'member'
      WHERE id = \(member.uuid)
      """)
    try await tx.execute(
      """
      UPDATE payouts SET handle = \(handle), name = 'Former member'
      WHERE member_id = \(member.uuid)
      """)
  }
}
