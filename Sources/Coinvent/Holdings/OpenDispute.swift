import Postgres

/// Disputes proposed shares: by a member who holds some, or who claims to.
public enum OpenDispute {
  public enum Outcome: Sendable {
    case opened(Dispute)
    /// The member has disputed this product's shares, and that is not answered yet.
    case alreadyOpen(DisputeID)
    case unknownProduct
    /// No shares are proposed, or another version is; nil: none.
    case notProposed(current: Int?)
    case windowClosed(since: Timestamp)
  }

  public static let evidenceLimit = 20

  /// - Throws: `Invalid` for the text or the evidence, `Banned` for who is banned from all.
  public static func run(
    _ product: ProductID, version: Int, text: String, evidence: [String], by member: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    try Invalid.refuse(faults(text: text, evidence: evidence))
    try await Ban.refuse(member, .all, at: now, in: tx)
    // One after the other with proposing and locking.
    guard try await AddEvents.hold(product, in: tx) else { return .unknownProduct }
    let known = try await tx.first(
      """
      SELECT d.id FROM \(Dispute.source)
      WHERE d.product_id = \(product.uuid) AND d.member_id = \(member.uuid) AND e.outcome IS NULL
      """, as: UUID.self)
    if let known { return .alreadyOpen(DisputeID(uuid: known)) }
    let proposal = try await tx.first(
      """
      SELECT version, dispute_until FROM share_versions
      WHERE product_id = \(product.uuid) AND state = 'proposed'
      """, as: (Int32, Timestamp).self)
    guard let (current, until) = proposal else { return .notProposed(current: nil) }
    guard Int(current) == version else { return .notProposed(current: Int(current)) }
    guard now < until else { return .windowClosed(since: until) }
    return .opened(
      try await add(product, version, text, evidence, by: member, at: now, in: tx))
  }

  public static func faults(text: String, evidence: [String]) -> [Invalid.Fault] {
    var faults: [Invalid.Fault] = []
    if let fault = text.trimmed.fault(1...5000, lines: true) { faults.append(("/text", fault)) }
    if evidence.count > evidenceLimit {
      faults.append(("/evidence", "must have at most \(evidenceLimit) entries"))
    }
    for (index, entry) in evidence.enumerated() {
      if let fault = entry.trimmed.fault(1...500) { faults.append(("/evidence/\(index)", fault)) }
    }
    return faults
  }

  private static func add(
    _ product: ProductID, _ version: Int, _ text: String, _ evidence: [String],
    by member: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws -> Dispute {
    let id = DisputeID.new(at: now)
    try await tx.execute(
      """
      INSERT INTO disputes (product_id, id, version, member_id, text, evidence, opened_at)
      VALUES (\(product.uuid), \(id.uuid), \(version)::bigint, \(member.uuid), \(text.trimmed),
              \(evidence.map(\.trimmed)), \(now))
      """)
    try await DisputeNews.post(
      "the shares are disputed", about: id, of: product, by: member,
      to: DisputeNews.inventorAndCurators, at: now, in: tx)
    guard let dispute = try await Dispute.find(id, of: product, in: tx) else {
      preconditionFailure("the row was just written")
    }
    return dispute
  }
}
