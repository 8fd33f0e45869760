import Postgres

/// Which files entries use.
enum EntryFiles {
  /// That the entry at `place` of a batch uses a file for a field.
  struct Use {
    let place: Int
    let field: String
    let file: EntryFileID
    let uploader: MemberID
  }

  /// The first that cannot be used: it is not there, in use, somebody else's, or for another field.
  /// - Precondition: the project is held.
  static func missing(_ uses: [Use], in project: Project, _ tx: Transaction) async throws -> Use? {
    if uses.isEmpty { return nil }
    let held = try await tx.all(
      """
      SELECT id, uploader_id, field FROM entry_files
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND id = ANY(\(uses.map(\.file.uuid))) AND entry_id IS NULL
      FOR UPDATE
      """, as: (UUID, UUID, String).self)
    var free = Dictionary(uniqueKeysWithValues: held.map { ($0.0, ($0.1, $0.2)) })
    return uses.first { use in
      // Taken out: nothing is used twice.
      guard let (uploader, field) = free.removeValue(forKey: use.file.uuid) else { return true }
      return uploader != use.uploader.uuid || field != use.field
    }
  }

  /// - Parameter entries: by the places of the uses.
  static func use(
    _ uses: [Use], by entries: [EntryID], in project: Project, _ tx: Transaction
  ) async throws {
    if uses.isEmpty { return }
    try await tx.execute(
      """
      UPDATE entry_files AS f SET entry_id = u.entry, unused_since = NULL
      FROM unnest(\(uses.map(\.file.uuid))::uuid[],
                  \(uses.map { entries[$0.place].uuid })::uuid[]) AS u (file, entry)
      WHERE f.product_id = \(project.product.uuid) AND f.id = u.file
      """)
  }

  /// The files of an entry that it does not use any more are its author's again, for a day.
  static func release(
    of entry: ProjectEntry, except files: [EntryFileID], at now: Timestamp, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      UPDATE entry_files SET entry_id = NULL, unused_since = \(now)
      WHERE product_id = \(entry.product.uuid) AND entry_id = \(entry.id.uuid)
        AND id <> ALL(\(files.map(\.uuid)))
      """)
  }
}
