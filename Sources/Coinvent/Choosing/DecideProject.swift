import JSON
import Postgres

/// Ends a project with what a curator picks, or with nothing.
public enum DecideProject {
  public struct Pick: Sendable, Equatable {
    public let entry: EntryID
    /// Its part of what the picks earn together.
    public let weight: Int64

    public init(entry: EntryID, weight: Int64 = 1) {
      self.entry = entry
      self.weight = weight
    }

    public static let weights: ClosedRange<Int64> = 1...1_000_000
  }

  /// What a curator has decided.
  public struct Wish: Sendable {
    /// False: nothing of the project is taken, and nobody earns.
    public let adopts: Bool
    /// Surveys and guesses take none.
    public let picks: [Pick]
    public let reason: String
    /// Why something is picked that does not lead.
    public let overrideReason: String?
    /// Of price guesses: what the price became, in nanos.
    public let finalPrice: Int64?

    public init(
      adopts: Bool = true, picks: [Pick] = [], reason: String, overrideReason: String? = nil,
      finalPrice: Int64? = nil
    ) {
      self.adopts = adopts
      self.picks = picks
      self.reason = reason
      self.overrideReason = overrideReason
      self.finalPrice = finalPrice
    }

    var faults: [Invalid.Fault] {
      var faults: [Invalid.Fault] = []
      if let fault = MoveIdea.fault(reason: reason) { faults.append(("/reason", fault)) }
      if let overrideReason, let fault = MoveIdea.fault(reason: overrideReason) {
        faults.append(("/override_reason", fault))
      }
      for (place, pick) in picks.enumerated() {
        if !Pick.weights.contains(pick.weight) {
          faults.append(("/picks/\(place)/weight", "must be a whole number from 1 to 1000000"))
        }
        if picks.prefix(place).contains(where: { $0.entry == pick.entry }) {
          faults.append(("/picks/\(place)/entry_id", "is picked twice"))
        }
      }
      if let finalPrice, finalPrice <= 0 {
        faults.append(("/final_price", "must be more than 0"))
      }
      return faults
    }
  }

  public enum Outcome: Sendable {
    /// So many influence events were added.
    case decided(Project, events: Int)
    case alreadyDecided
    case cancelled
    case notClosed(until: Timestamp)
    /// Surveys and guesses take no picks, nor does a decision for nothing.
    case takesNoPicks
    case picksMissing
    /// Guesses need their price, and nothing else has one.
    case priceMissing
    case takesNoPrice
    /// These (places counted from 0) take no part in the project.
    case notTakingPart([Int])
    /// These do not lead, and no reason says why they are picked all the same.
    case notLeading([Int])
    /// The curator made one of these.
    case ownEntry([Int])
    case unknown
  }

  /// - Throws: `Invalid` for a reason, a weight or a price that cannot be taken.
  public static func run(
    _ wish: Wish, project id: ProjectID, of product: ProductID, by curator: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    try Invalid.refuse(wish.faults)
    guard try await AddEvents.hold(product, in: tx),
      let project = try await hold(id, of: product, in: tx), project.state != .draft
    else { return .unknown }
    switch project.state {
    case .draft: return .unknown
    case .decided: return .alreadyDecided
    case .cancelled: return .cancelled
    case .open, .closed: break
    }
    switch try await SealChoices.run(project: project, at: now, in: tx) {
    case .sealed, .alreadySealed: break
    case .unknown: return .unknown
    case .notClosed: return .notClosed(until: project.closesAt)
    }
    if let refusal = try await refusal(of: wish, in: project, by: curator, tx) { return refusal }
    try await write(wish, in: project, by: curator, at: now, tx)
    let decided = try await tx.one(
      """
      SELECT \(Project.columns) FROM projects
      WHERE product_id = \(product.uuid) AND id = \(id.uuid)
      """, of: Project.self)
    let events = try await AdoptEntries.run(project: decided, by: curator, in: tx)
    try await tell(wish, decided, by: curator, at: now, in: tx)
    return .decided(decided, events: events)
  }

  private static func hold(_ id: ProjectID, of product: ProductID, in tx: Transaction)
    async throws -> Project?
  {
    try await tx.first(
      """
      SELECT \(Project.columns) FROM projects
      WHERE product_id = \(product.uuid) AND id = \(id.uuid) FOR NO KEY UPDATE
      """, of: Project.self)
  }

  private static func refusal(
    of wish: Wish, in project: Project, by curator: MemberID, _ tx: Transaction
  ) async throws -> Outcome? {
    let wantsPrice = wish.adopts && project.choosing == .guesses
    if wantsPrice && wish.finalPrice == nil { return .priceMissing }
    if !wantsPrice && wish.finalPrice != nil { return .takesNoPrice }
    switch project.choosing {
    case .survey, .guesses: return wish.picks.isEmpty ? nil : .takesNoPicks
    case .votes, .duels, .ratings, .jury, .curator: break
    }
    guard wish.adopts else { return wish.picks.isEmpty ? nil : .takesNoPicks }
    if wish.picks.isEmpty { return .picksMissing }
    let facts = try await tx.all(
      """
      SELECT p.place - 1, s.rank::bigint, EXISTS (
        SELECT FROM entry_makers m WHERE m.product_id = \(project.product.uuid)
          AND m.entry_id = p.id AND m.member_id = \(curator.uuid))
      FROM unnest(\(wish.picks.map(\.entry.uuid))::uuid[]) WITH ORDINALITY AS p (id, place)
      LEFT JOIN project_entries e ON e.product_id = \(project.product.uuid)
        AND e.project_id = \(project.id.uuid) AND e.id = p.id AND e.state = 'entered'
      LEFT JOIN sealed_tallies s ON s.product_id = e.product_id
        AND s.project_id = e.project_id AND s.entry_id = e.id
      ORDER BY p.place
      """, as: (Int64, Int64?, Bool).self)
    let absent = facts.filter { $0.1 == nil }.map { Int($0.0) }
    if !absent.isEmpty { return .notTakingPart(absent) }
    let own = facts.filter(\.2).map { Int($0.0) }
    if !own.isEmpty { return .ownEntry(own) }
    if project.choosing == .curator || wish.overrideReason != nil { return nil }
    let leaders = try ChoosingRules(of: project).leaders
    let behind = facts.filter { ($0.1 ?? 0) > leaders }.map { Int($0.0) }
    return behind.isEmpty ? nil : .notLeading(behind)
  }

  private static func write(
    _ wish: Wish, in project: Project, by curator: MemberID, at now: Timestamp, _ tx: Transaction
  ) async throws {
    let (product, id) = (project.product.uuid, project.id.uuid)
    try await tx.execute(
      """
      INSERT INTO project_picks (product_id, project_id, entry_id, weight)
      SELECT \(product), \(id), entry_id, weight
      FROM unnest(\(wish.picks.map(\.entry.uuid))::uuid[],
                  \(wish.picks.map(\.weight))::bigint[]) AS p (entry_id, weight)
      """)
    try await tx.execute(
      """
      INSERT INTO project_decisions (product_id, project_id, adopted, override_reason, final_price)
      VALUES (\(product), \(id), \(wish.adopts), \(wish.overrideReason?.trimmed),
              \(wish.finalPrice))
      """)
    try await tx.execute(
      """
      UPDATE projects SET state = 'decided', reason = \(wish.reason.trimmed),
        ended_by = \(curator.uuid), ended_at = \(now)
      WHERE product_id = \(product) AND id = \(id)
      """)
  }

  /// Makers of what was picked are told so, and whoever else has entered something, that it is
  /// decided.
  private static func tell(
    _ wish: Wish, _ project: Project, by curator: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws {
    let picks = wish.picks.map(\.entry.uuid)
    let makers = try await tx.all(
      """
      SELECT m.member_id, bool_or(m.entry_id = ANY(\(picks)::uuid[]))
      FROM project_entries e
      JOIN entry_makers m ON m.product_id = e.product_id AND m.entry_id = e.id
      WHERE e.product_id = \(project.product.uuid) AND e.project_id = \(project.id.uuid)
        AND e.state = 'entered'
      GROUP BY m.member_id
      """, as: (UUID, Bool).self)
    let idea = IdeaID(uuid: project.product.uuid)
    let details = [(true, "\(project.title): your entry was picked"), (false, project.title)]
    for (isPicked, detail) in details {
      let told = makers.filter { $0.1 == isPicked }.map { MemberID(uuid: $0.0) }
      try await Notify.post(
        .projectDecided, about: idea, subject: project.id.uuid, detail: detail, by: curator,
        to: .members(told), at: now, in: tx)
    }
    try await Audit.record(
      "project_decided", on: project.id.description, reason: wish.reason,
      after: [
        "adopted": .bool(wish.adopts),
        "picks": .array(
          wish.picks.map {
            ["entry_id": .string($0.entry.description), "weight": .int($0.weight)]
          }),
        "override_reason": wish.overrideReason.map(JSON.string) ?? .null,
        "final_price": wish.finalPrice.map(JSON.int) ?? .null,
      ], by: curator, at: now, in: tx)
  }
}
