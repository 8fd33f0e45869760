import Ledger
import Postgres

/// A member's link for a product: sales that carry its code pay the member the part that the
/// contract states.
public struct Referral: Sendable, RowDecodable {
  public let product: ProductID
  public let code: String
  public let member: MemberID
  public let madeAt: Timestamp

  static let columns: Query = "product_id, code, member_id, made_at"

  public init(row: inout RowReader) throws {
    product = ProductID(uuid: try row.next())
    code = try row.next()
    member = MemberID(uuid: try row.next())
    madeAt = try row.next()
  }

  public static func of(_ member: MemberID, _ product: ProductID, in db: some Queryable)
    async throws -> Referral?
  {
    try await db.first(
      """
      SELECT \(columns) FROM referrals
      WHERE product_id = \(product.uuid) AND member_id = \(member.uuid)
      """, of: Referral.self)
  }

  static func find(_ code: String, of product: ProductID, in db: some Queryable) async throws
    -> Referral?
  {
    try await db.first(
      "SELECT \(columns) FROM referrals WHERE product_id = \(product.uuid) AND code = \(code)",
      of: Referral.self)
  }

  /// What it has brought: units that were committed to and not cancelled or released, and what its
  /// member was credited for sales with its code, in nanos.
  public func figures(in db: some Queryable) async throws
    -> (units: Int64, credited: [Amount])
  {
    let units = try await db.one(
      """
      SELECT coalesce(sum(units), 0)::bigint FROM commitments
      WHERE product_id = \(product.uuid) AND referral = \(code)
        AND state NOT IN ('cancelled', 'released', 'refunded')
      """, as: Int64.self)
    let credited = try await db.all(
      """
      SELECT currency, sum(settled)::bigint FROM referral_dues
      WHERE product_id = \(product.uuid) AND member_id = \(member.uuid)
      GROUP BY currency ORDER BY currency
      """, as: (String, Int64).self)
    return (
      units,
      credited.compactMap { code, nanos in
        Currency(code).map { Amount(nanos: nanos, currency: $0) }
      }
    )
  }
}

/// Makes a member's code for a product; the same again is the same code.
public enum MakeReferral {
  public enum Outcome: Sendable {
    case repeated(Referral)
    case made(Referral)
    case unknownProduct
  }

  public static func run(
    _ product: ProductID, by member: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let own = try await Referral.of(member, product, in: tx) { return .repeated(own) }
    let exists = try await tx.first(
      "SELECT id FROM products WHERE id = \(product.uuid)", as: UUID.self)
    if exists == nil { return .unknownProduct }
    // 36 to the tenth: a code that is taken is tried again.
    for _ in 0..<5 {
      let made = try await tx.first(
        """
        INSERT INTO referrals (product_id, code, member_id, made_at)
        VALUES (\(product.uuid), \(code()), \(member.uuid), \(now))
        ON CONFLICT DO NOTHING RETURNING \(Referral.columns)
        """, of: Referral.self)
      if let made { return .made(made) }
      if let own = try await Referral.of(member, product, in: tx) { return .repeated(own) }
    }
    preconditionFailure("five random codes of ten characters were taken")
  }

  private static func code() -> String {
    let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
    // The small bias of a remainder does no harm: codes are no secrets.
    return String(
      decoding: Digest.random(10).map { letters[Int($0) % letters.count] }, as: UTF8.self)
  }
}
