import Postgres

/// Somebody who holds a part of a product, as the public is told.
public struct Holder: Sendable, Equatable {
  public enum Name: Sendable, Equatable {
    case member(String)
    case anonymous
    case house
  }

  public let name: Name
  public let ppb: Int64
  /// By which parts of the recipe, in its order.
  public let parts: [String]

  /// The greatest first; of equal ones the smaller id, and the house after all members.
  public static func all(of shares: [Share], in db: some Queryable) async throws -> [Holder] {
    var sums: [MemberID?: (ppb: Int64, parts: [String])] = [:]
    for share in shares {
      sums[share.member, default: (0, [])].ppb += share.ppb
      let name = Recipe.Part.name(share.slice, share.role)
      sums[share.member]?.parts.append(name)
    }
    let members = Set(sums.keys.compactMap(\.self))
    let names = try await names(of: members, in: db)
    return sums.sorted { a, b in
      guard let first = a.key, let second = b.key else { return a.key != nil }
      return (b.value.ppb, first.uuid) < (a.value.ppb, second.uuid)
    }.map { member, held in
      Holder(
        name: member.map { names[$0] ?? .anonymous } ?? .house, ppb: held.ppb,
        parts: held.parts)
    }
  }

  private static func names(of members: Set<MemberID>, in db: some Queryable) async throws
    -> [MemberID: Name]
  {
    let rows = try await db.all(
      """
      SELECT m.id, m.display_name, coalesce(c.anonymous, false)
      FROM members m LEFT JOIN display_choices c ON c.member_id = m.id
      WHERE m.id = ANY(\(members.map(\.uuid)))
      """, as: (UUID, String, Bool).self)
    return Dictionary(
      rows.map { id, name, isAnonymous in
        (MemberID(uuid: id), isAnonymous ? Name.anonymous : Name.member(name))
      }, uniquingKeysWith: { first, _ in first })
  }
}
