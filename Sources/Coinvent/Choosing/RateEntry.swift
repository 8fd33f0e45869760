import Postgres

/// A member's stars for an entry, criterion by criterion.
public enum RateEntry {
  public enum Outcome: Sendable {
    /// It is as wished, now or already.
    case rated(Progress)
    case ownEntry
    case notTakingPart
    case unknownEntry
    case refused(ChoosingGate.Refusal)
  }

  /// How far a member has come with the round.
  public struct Progress: Sendable, Equatable {
    /// Entries rated on all criteria.
    public let complete: Int64
    /// Entries that take part, own ones left out.
    public let entries: Int64
    /// How many must be complete for the member to earn.
    public let needed: Int64

    init(complete: Int64, entries: Int64, ratedPartPPM: Int64) {
      self.complete = complete
      self.entries = entries
      needed = max(1, (entries * ratedPartPPM + 999_999) / 1_000_000)
    }

    /// Whether the member has rated enough to earn.
    public var isEnough: Bool { complete >= needed }
  }

  /// Puts these stars in place of those that the member gave before.
  /// - Parameter stars: by criterion; empty takes the rating back.
  /// - Throws: `Invalid` for a criterion that is unknown or stars off the scale.
  public static func run(
    _ stars: [(criterion: String, stars: Int64)], of entry: EntryID, by member: MemberID,
    in id: ProjectID, of product: ProductID, at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    let project: Project
    let rules: RatingRules
    switch try await ChoosingGate.pass(id, of: product, choosing: .ratings, at: now, in: tx) {
    case .refused(let refusal): return .refused(refusal)
    case .open(.ratings(let own), let open): (project, rules) = (open, own)
    case .open: preconditionFailure("the gate has looked at the way of choosing")
    }
    switch try await ChosenEntry.look(entry, in: project, for: member, tx) {
    case .fit: break
    case .unknown: return .unknownEntry
    case .own: return .ownEntry
    case .notTakingPart: if !stars.isEmpty { return .notTakingPart }
    }
    if stars.isEmpty {
      try await tx.execute(
        """
        DELETE FROM entry_ratings
        WHERE product_id = \(product.uuid) AND project_id = \(id.uuid)
          AND member_id = \(member.uuid) AND entry_id = \(entry.uuid)
        """)
    } else {
      try await tx.execute(
        """
        INSERT INTO entry_ratings (product_id, project_id, member_id, entry_id, stars, rated_at)
        VALUES (\(product.uuid), \(id.uuid), \(member.uuid), \(entry.uuid),
                \(try wishes(stars, on: rules.criteria)), \(now))
        ON CONFLICT (product_id, project_id, member_id, entry_id)
          DO UPDATE SET stars = excluded.stars, rated_at = excluded.rated_at
        """)
    }
    return .rated(try await progress(of: member, in: project, by: rules, tx))
  }

  static func progress(
    of member: MemberID, in project: Project, by rules: RatingRules, _ db: some Queryable
  ) async throws -> Progress {
    let (entries, complete) = try await db.one(
      """
      SELECT count(*), count(*) FILTER (WHERE 0 <> ALL (r.stars))
      FROM project_entries e LEFT JOIN entry_ratings r
        ON r.product_id = e.product_id AND r.project_id = e.project_id AND r.entry_id = e.id
        AND r.member_id = \(member.uuid)
      WHERE e.product_id = \(project.product.uuid) AND e.project_id = \(project.id.uuid)
        AND e.state = 'entered' AND e.author_id <> \(member.uuid)
        AND e.id <> ALL (\(member.ownEntries(of: project.product)))
      """, as: (Int64, Int64).self)
    return Progress(complete: complete, entries: entries, ratedPartPPM: rules.ratedPartPPM)
  }

  /// The stars on each criterion, in their order; 0 for none.
  private static func wishes(
    _ stars: [(criterion: String, stars: Int64)], on criteria: [String]
  ) throws(Invalid) -> [Int64] {
    var wishes = [Int64](repeating: 0, count: criteria.count)
    var invalid = Invalid()
    for (place, wish) in stars.enumerated() {
      guard let known = criteria.firstIndex(of: wish.criterion) else {
        invalid.add(
          "/stars/\(place)/criterion", "must be one of \(criteria.joined(separator: ", "))")
        continue
      }
      if wishes[known] > 0 {
        invalid.add("/stars/\(place)/criterion", "is named twice")
      } else if !(1...5).contains(wish.stars) {
        invalid.add("/stars/\(place)/stars", "must be a whole number from 1 to 5")
      }
      wishes[known] = wish.stars
    }
    try Invalid.refuse(invalid.fields)
    return wishes
  }
}
