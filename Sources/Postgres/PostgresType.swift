/// A type of PostgreSQL, by the numbers its catalogue gives it.
public struct PostgresType: Hashable, Sendable {
  /// The number of the type itself, which array elements carry.
  public let oid: UInt32
  /// The number of the array of this type; 0 when there is none.
  public let arrayOid: UInt32
  /// What a single parameter declares; 0 lets the server infer the type from the statement.
  let declared: UInt32
  /// Single parameters travel in binary; otherwise as text.
  let isBinary: Bool

  public init(oid: UInt32, arrayOid: UInt32) {
    self.init(oid: oid, arrayOid: arrayOid, declared: oid, isBinary: true)
  }

  private init(oid: UInt32, arrayOid: UInt32, declared: UInt32, isBinary: Bool) {
    self.oid = oid
    self.arrayOid = arrayOid
    self.declared = declared
    self.isBinary = isBinary
  }

  public static let bool = PostgresType(oid: 16, arrayOid: 1000)
  public static let bytea = PostgresType(oid: 17, arrayOid: 1001)
  public static let int8 = PostgresType(oid: 20, arrayOid: 1016)
  public static let int2 = PostgresType(oid: 21, arrayOid: 1005)
  public static let int4 = PostgresType(oid: 23, arrayOid: 1007)
  /// A single text parameter behaves like a quoted literal: the server infers its type, so that it
  /// also fits enums, citext and whatever else reads from text. In arrays it is `text`.
  public static let text = PostgresType(oid: 25, arrayOid: 1009, declared: 0, isBinary: false)
  public static let float8 = PostgresType(oid: 701, arrayOid: 1022)
  public static let date = PostgresType(oid: 1082, arrayOid: 1182)
  public static let timestamptz = PostgresType(oid: 1184, arrayOid: 1185)
  public static let interval = PostgresType(oid: 1186, arrayOid: 1187)
  public static let numeric = PostgresType(oid: 1700, arrayOid: 1231)
  public static let uuid = PostgresType(oid: 2950, arrayOid: 2951)
  public static let jsonb = PostgresType(oid: 3802, arrayOid: 3807)
}
