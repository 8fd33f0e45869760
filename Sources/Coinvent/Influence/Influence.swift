import Postgres

/// Who holds what of a product.
public struct Influence: Sendable {
  /// running: a live estimate; proposed: frozen, open to dispute; locked: money moves on it.
  public enum State: String, Sendable { case running, proposed, locked }

  public let product: ProductID
  public let state: State
  /// Nil while running.
  public let version: Int?
  public let disputeUntil: Timestamp?
  public let sha256: [UInt8]
  public let shares: [Share]

  /// The proposed or locked shares, or else an estimate computed now; nil for no such product.
  public static func of(_ product: ProductID, in db: some Queryable) async throws -> Influence? {
    if let frozen = try await Frozen.of(product, in: db) {
      return try await frozen.influence(in: db)
    }
    return try await Snapshot.now(of: product, in: db).map {
      Influence(
        product: product, state: .running, version: nil, disputeUntil: nil, sha256: $0.sha256,
        shares: $0.shares)
    }
  }

  /// What is on record of a product's newest shares, without the shares themselves.
  public struct Frozen: Sendable {
    public let product: ProductID
    public let state: State
    public let version: Int
    public let disputeUntil: Timestamp
    public let sha256: [UInt8]

    /// Nil while none are proposed, or for no such product.
    public static func of(_ product: ProductID, in db: some Queryable) async throws -> Frozen? {
      let row = try await db.first(
        """
        SELECT version, state, dispute_until, sha256 FROM share_versions
        WHERE product_id = \(product.uuid) AND state <> 'superseded'
        ORDER BY version DESC LIMIT 1
        """, as: (Int32, String, Timestamp, [UInt8]).self)
      return row.map { version, state, until, sha256 in
        Frozen(
          product: product, state: state == "locked" ? .locked : .proposed, version: Int(version),
          disputeUntil: until, sha256: sha256)
      }
    }

    /// With the shares, which never change.
    /// - Parameter member: whose alone are read; nil for all.
    public func influence(of member: MemberID? = nil, in db: some Queryable) async throws
      -> Influence
    {
      Influence(
        product: product, state: state, version: version, disputeUntil: disputeUntil,
        sha256: sha256,
        shares: try await Influence.shares(of: product, version, of: member, in: db))
    }
  }

  private static func shares(
    of product: ProductID, _ version: Int, of member: MemberID?, in db: some Queryable
  ) async throws -> [Share] {
    let rows = try await db.all(
      """
      SELECT s.slice, s.role, s.member_id, s.ppb, s.reason
      FROM shares s
      JOIN share_versions v ON v.product_id = s.product_id AND v.version = s.version
      LEFT JOIN recipe_slices r ON r.product_id = s.product_id AND r.version = v.recipe_version
        AND r.slice = s.slice AND r.role = s.role
      WHERE s.product_id = \(product.uuid) AND s.version = \(version)::bigint
        AND (\(member == nil) OR s.member_id = \(member?.uuid ?? .zero))
      ORDER BY r.position NULLS LAST, s.member_id
      """, as: (String, String, UUID, Int64, String).self)
    return rows.map { slice, role, member, ppb, reason in
      Share(
        slice: slice, role: ContributionRole(rawValue: role) ?? .any,
        member: member == .zero ? nil : MemberID(uuid: member), ppb: ppb, reason: reason)
    }
  }
}

extension Influence {
  /// The same without a share.
  public var withoutShares: Influence {
    Influence(
      product: product, state: state, version: version, disputeUntil: disputeUntil,
      sha256: sha256, shares: [])
  }

  /// What each holder has over all parts, the most first; nil is the house.
  public var totals: [(member: MemberID?, ppb: Int64)] {
    var sums: [UUID: Int64] = [:]
    for share in shares { sums[share.member?.uuid ?? .zero, default: 0] += share.ppb }
    return sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { ($0.key == .zero ? nil : MemberID(uuid: $0.key), $0.value) }
  }
}
