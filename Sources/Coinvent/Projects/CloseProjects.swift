import Postgres

/// Closes the projects whose time is over. Any number of workers may do it at once, and each may
/// die at any moment: a project is one transaction, and what it finds closed it leaves alone.
public enum CloseProjects {
  /// - Parameter limit: projects in one go; call again while the answer is not 0.
  /// - Returns: how many were closed.
  public static func run(at now: Timestamp = .now, limit: Int = 100, in pool: Pool) async throws
    -> Int
  {
    let due = try await pool.all(
      """
      SELECT product_id, id FROM projects WHERE state = 'open' AND closes_at <= \(now)
      ORDER BY closes_at LIMIT \(limit)
      """, as: (UUID, UUID).self)
    var closed = 0
    for (product, id) in due {
      closed += try await pool.transaction { tx in
        try await close(
          ProjectID(uuid: id), of: ProductID(uuid: product), at: now, in: tx) ? 1 : 0
      }
    }
    return closed
  }

  /// - Returns: whether it is closed now and was open before.
  public static func close(
    _ id: ProjectID, of product: ProductID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Bool {
    guard let project = try await Project.hold(id, of: product, in: tx), project.state == .open,
      project.closesAt <= now
    else { return false }
    let closed = try await project.move(to: .closed, in: tx)
    try await endWaiting(of: closed, in: tx)
    _ = try await SealChoices.run(project: closed, at: now, in: tx)
    return true
  }

  /// Entries for which somebody of the team has not spoken are taken back.
  private static func endWaiting(of project: Project, in tx: Transaction) async throws {
    let ended = try await tx.all(
      """
      UPDATE project_entries
      SET state = 'withdrawn', reason = 'Not everybody of the team has accepted the split.'
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND state = 'waiting'
      RETURNING id
      """, as: UUID.self)
    try await EntryTexts.free(ended, of: project.product, in: tx)
  }
}
