import JSON
import Postgres

/// Changes what an entry says, as long as entries are taken. Who made it, and the split, stay.
public enum EditEntry {
  public enum Outcome: Sendable {
    case edited(ProjectEntry)
    case unknown
    case notAuthor
    /// Entries are closed.
    case notTaken(Project)
    /// It was taken back or removed.
    case ended(ProjectEntry.State)
    case textTaken(field: String)
    case unknownFile(field: String)
  }

  /// - Throws: `Invalid` for answers with faults, `Banned`.
  public static func run(
    _ id: EntryID, answers json: JSON, in projectID: ProjectID, of product: ProductID,
    by author: MemberID, at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    guard let project = try await Project.hold(projectID, of: product, in: tx),
      let entry = try await ProjectEntry.hold(id, in: project, tx)
    else { return .unknown }
    guard entry.author == author else { return entry.state == .entered ? .notAuthor : .unknown }
    try await Ban.refuse(author, .ideas, at: now, in: tx)
    guard project.takesEntries(at: now) else { return .notTaken(project) }
    guard entry.state == .entered || entry.state == .waiting else { return .ended(entry.state) }
    let answers = try EntryAnswers(json, form: EntryForm(project.form))
    let claims = answers.unique.map { (place: 0, field: $0.field, folded: $0.folded) }
    if let (_, field) = try await EntryTexts.taken(claims, in: project, except: id, tx) {
      return .textTaken(field: field)
    }
    let kept = Set(try await EntryFile.of([entry], in: tx).map(\.id))
    let uses = answers.files.filter { !kept.contains($0.id) }.map {
      EntryFiles.Use(place: 0, field: $0.field, file: $0.id, uploader: author)
    }
    if let missing = try await EntryFiles.missing(uses, in: project, tx) {
      return .unknownFile(field: missing.field)
    }
    try await EntryTexts.free([id.uuid], of: product, in: tx)
    try await EntryTexts.take(claims, of: [id], in: project, tx)
    try await EntryFiles.release(of: entry, except: answers.files.map(\.id), at: now, in: tx)
    try await EntryFiles.use(uses, by: [id], in: project, tx)
    return .edited(
      try await tx.one(
        """
        UPDATE project_entries SET answers = \(answers.json.text()), edited_at = \(now)
        WHERE product_id = \(product.uuid) AND id = \(id.uuid) RETURNING \(ProjectEntry.columns)
        """, of: ProjectEntry.self))
  }
}

extension ProjectEntry {
  /// An entry of a project that is held, held too.
  static func hold(_ id: EntryID, in project: Project, _ tx: Transaction) async throws
    -> ProjectEntry?
  {
    try await tx.first(
      """
      SELECT \(columns) FROM project_entries
      WHERE product_id = \(project.product.uuid) AND id = \(id.uuid)
        AND project_id = \(project.id.uuid) FOR NO KEY UPDATE
      """, of: ProjectEntry.self)
  }

  /// Changes the state of an entry that is held; its texts may be entered again where it ends.
  func move(to state: State, reason: String? = nil, in tx: Transaction) async throws
    -> ProjectEntry
  {
    if state == .withdrawn || state == .removed {
      try await EntryTexts.free([id.uuid], of: product, in: tx)
    }
    return try await tx.one(
      """
      UPDATE project_entries SET state = \(state.rawValue), reason = \(reason)
      WHERE product_id = \(product.uuid) AND id = \(id.uuid) RETURNING \(ProjectEntry.columns)
      """, of: ProjectEntry.self)
  }
}
