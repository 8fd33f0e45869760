import Postgres

/// A member of a team accepts the own part of an entry, or declines it. With the last yes the entry
/// takes part; with the first no it never does.
public enum AnswerSplit {
  public enum Outcome: Sendable {
    /// Now, or already.
    case answered(ProjectEntry)
    case unknown
    /// The member said the other thing before.
    case answeredBefore(accepted: Bool)
    /// Entries are closed.
    case notTaken(Project)
    /// It takes part already, or was taken back or removed.
    case ended(ProjectEntry.State)
  }

  /// - Throws: `Banned`.
  public static func run(
    _ id: EntryID, accepts: Bool, in projectID: ProjectID, of product: ProductID,
    by member: MemberID, at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    guard let project = try await Project.hold(projectID, of: product, in: tx),
      let entry = try await ProjectEntry.hold(id, in: project, tx)
    else { return .unknown }
    let makers = try await EntryMaker.of([entry], in: tx)[id] ?? []
    guard let own = makers.first(where: { $0.member == member }) else { return .unknown }
    if own.acceptedAt != nil || own.declinedAt != nil {
      let accepted = own.acceptedAt != nil
      return accepted == accepts ? .answered(entry) : .answeredBefore(accepted: accepted)
    }
    guard entry.state == .waiting else { return .ended(entry.state) }
    if accepts { try await Ban.refuse(member, .ideas, at: now, in: tx) }
    guard project.takesEntries(at: now) else { return .notTaken(project) }
    try await tx.execute(
      """
      UPDATE entry_makers SET accepted_at = \(accepts ? now : nil),
        declined_at = \(accepts ? nil : now)
      WHERE product_id = \(product.uuid) AND entry_id = \(id.uuid) AND member_id = \(member.uuid)
      """)
    let others = makers.filter { $0.member != member }
    if !accepts {
      return .answered(
        try await end(entry, telling: others.map(\.member), project, by: member, at: now, tx))
    }
    guard others.allSatisfy({ $0.acceptedAt != nil }) else { return .answered(entry) }
    return .answered(try await entry.move(to: .entered, in: tx))
  }

  private static func end(
    _ entry: ProjectEntry, telling others: [MemberID], _ project: Project, by member: MemberID,
    at now: Timestamp, _ tx: Transaction
  ) async throws -> ProjectEntry {
    try await Notify.post(
      .teamEntry, about: project.idea, subject: entry.id.uuid,
      detail: "The split was declined: \(project.title)", by: member, to: .members(others),
      at: now, in: tx)
    return try await entry.move(
      to: .withdrawn, reason: "Somebody of the team has declined the split.", in: tx)
  }
}
