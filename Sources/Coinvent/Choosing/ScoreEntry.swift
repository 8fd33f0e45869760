import Postgres

/// A juror's score for an entry.
public enum ScoreEntry {
  public enum Outcome: Sendable {
    /// It is as wished; so many entries the juror has not scored yet.
    case scored(left: Int64)
    case notJuror
    case ownEntry
    case notTakingPart
    case unknownEntry
    case refused(ChoosingGate.Refusal)
  }

  public static let scores: ClosedRange<Int64> = 0...100

  /// Puts this score in place of the one that the juror gave before.
  /// - Throws: `Invalid` for a score or a comment that cannot be taken.
  public static func run(
    _ score: Int64, comment: String, of entry: EntryID, by member: MemberID, in id: ProjectID,
    of product: ProductID, at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    var faults: [Invalid.Fault] = []
    if !scores.contains(score) { faults.append(("/score", "must be a whole number from 0 to 100")) }
    if let fault = comment.trimmed.fault(0...2000, lines: true) {
      faults.append(("/comment", fault))
    }
    try Invalid.refuse(faults)
    let project: Project
    switch try await ChoosingGate.pass(id, of: product, choosing: .jury, at: now, in: tx) {
    case .refused(let refusal): return .refused(refusal)
    case .open(.jury(let rules), let open):
      guard rules.jurors.contains(member) else { return .notJuror }
      project = open
    case .open: preconditionFailure("the gate has looked at the way of choosing")
    }
    switch try await ChosenEntry.look(entry, in: project, for: member, tx) {
    case .fit: break
    case .unknown: return .unknownEntry
    case .own: return .ownEntry
    case .notTakingPart: return .notTakingPart
    }
    try await tx.execute(
      """
      INSERT INTO jury_scores (product_id, project_id, member_id, entry_id, score, comment,
                               scored_at)
      VALUES (\(product.uuid), \(id.uuid), \(member.uuid), \(entry.uuid), \(Int32(score)),
              \(comment.trimmed), \(now))
      ON CONFLICT (product_id, project_id, member_id, entry_id) DO UPDATE SET
        score = excluded.score, comment = excluded.comment, scored_at = excluded.scored_at
      """)
    return .scored(left: try await left(for: member, in: project, tx))
  }

  private static func left(for juror: MemberID, in project: Project, _ tx: Transaction)
    async throws -> Int64
  {
    try await tx.one(
      """
      SELECT count(*) FROM project_entries e
      WHERE e.product_id = \(project.product.uuid) AND e.project_id = \(project.id.uuid)
        AND e.state = 'entered' AND e.author_id <> \(juror.uuid)
        AND e.id <> ALL (\(juror.ownEntries(of: project.product)))
        AND e.id <> ALL (ARRAY(
          SELECT entry_id FROM jury_scores s WHERE s.product_id = \(project.product.uuid)
            AND s.project_id = \(project.id.uuid) AND s.member_id = \(juror.uuid)))
      """, as: Int64.self)
  }
}
