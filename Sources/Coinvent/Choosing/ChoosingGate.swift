import Postgres

/// Orders choices against the moment at which they are sealed.
///
/// Who chooses goes in under the shared side; sealing takes the exclusive side, so that what is
/// under way then is committed and counts, and what comes later finds the seal and is refused. The
/// row of the project is left alone: hundreds may choose at once.
public enum ChoosingGate {
  /// Why a choice was not even looked at.
  public enum Refusal: Sendable {
    /// No such project, or a draft.
    case unknownProject
    /// The project chooses by another way.
    case otherWay(Choosing)
    case notYet(from: Timestamp)
    case closed
  }

  enum Passage {
    case open(ChoosingRules.Way, Project)
    case refused(Refusal)
  }

  /// Held to the end of the transaction; any number at once.
  static func pass(
    _ id: ProjectID, of product: ProductID, choosing way: Choosing, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Passage {
    try await tx.execute("SELECT pg_advisory_xact_lock_shared(\(key(of: id)))")
    guard let project = try await Project.find(id, of: product, in: tx),
      project.state != .draft
    else { return .refused(.unknownProject) }
    guard project.choosing == way else { return .refused(.otherWay(project.choosing)) }
    // The moment of who has waited for a seal lies before it.
    if try await isSealed(project, in: tx) { return .refused(.closed) }
    if project.takesChoices(at: now) {
      return .open(try ChoosingRules(of: project).way, project)
    }
    let isEarly = project.state == .open && now < project.choosingFrom
    return .refused(isEarly ? .notYet(from: project.choosingFrom) : .closed)
  }

  /// Waits for those inside; held to the end of the transaction.
  static func close(_ id: ProjectID, in tx: Transaction) async throws {
    try await tx.execute("SELECT pg_advisory_xact_lock(\(key(of: id)))")
  }

  static func isSealed(_ project: Project, in db: some Queryable) async throws -> Bool {
    try await db.one(
      """
      SELECT EXISTS (SELECT FROM project_seals
                     WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid))
      """, as: Bool.self)
  }

  private static func key(of id: ProjectID) -> Int64 {
    Int64(bitPattern: id.uuid.high ^ id.uuid.low)
  }
}

/// What stands in the way of choosing an entry.
enum ChosenEntry {
  case fit
  case unknown
  /// Withdrawn, removed, or its team has not agreed.
  case notTakingPart
  /// The member is one of its makers.
  case own

  static func look(_ entry: EntryID, in project: Project, for member: MemberID, _ tx: Transaction)
    async throws -> ChosenEntry
  {
    let found = try await tx.first(
      """
      SELECT state = 'entered',
        author_id = \(member.uuid) OR EXISTS (
          SELECT FROM entry_makers m WHERE m.product_id = e.product_id AND m.entry_id = e.id
            AND m.member_id = \(member.uuid))
      FROM project_entries e
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND id = \(entry.uuid)
      """, as: (Bool, Bool).self)
    guard let (takesPart, isOwn) = found else { return .unknown }
    if isOwn { return .own }
    return takesPart ? .fit : .notTakingPart
  }
}

extension MemberID {
  /// The entries of a product that the member has made, as an array that is found once for a
  /// statement, whatever the planner thinks of the rest.
  func ownEntries(of product: ProductID) -> Query {
    """
    ARRAY(SELECT entry_id FROM entry_makers
          WHERE product_id = \(product.uuid) AND member_id = \(uuid))
    """
  }
}

/// What a member has of a project's limit.
enum ChooserLimit {
  /// Takes the member's row for this transaction, so that one choice of a member follows the other.
  /// - Returns: how many are spent.
  static func hold(_ member: MemberID, in project: Project, limit: Int64, _ tx: Transaction)
    async throws -> Int64
  {
    let spent: Int32 = try await tx.one(
      """
      INSERT INTO project_choosers (product_id, project_id, member_id, spent, allowed)
      VALUES (\(project.product.uuid), \(project.id.uuid), \(member.uuid), 0, \(Int32(limit)))
      ON CONFLICT (product_id, project_id, member_id)
        DO UPDATE SET spent = project_choosers.spent
      RETURNING spent
      """, as: Int32.self)
    return Int64(spent)
  }

  static func spend(_ count: Int64, of member: MemberID, in project: Project, _ tx: Transaction)
    async throws
  {
    try await tx.execute(
      """
      UPDATE project_choosers SET spent = spent + \(Int32(count))
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND member_id = \(member.uuid)
      """)
  }

  static func spent(by member: MemberID, in project: Project, _ db: some Queryable) async throws
    -> Int64
  {
    let spent = try await db.first(
      """
      SELECT spent FROM project_choosers
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND member_id = \(member.uuid)
      """, as: Int32.self)
    return Int64(spent ?? 0)
  }
}
