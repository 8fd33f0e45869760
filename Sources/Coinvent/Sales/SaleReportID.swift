import Postgres

/// A report of sales: one file or batch of a source.
public struct SaleReportID: EntityID {
  public static let prefix = "report"
  public let uuid: UUID

  public init(uuid: UUID) { self.uuid = uuid }

  /// The same content of a source, read in the same way, is the same report.
  /// - Parameter mapping: name and version of the mapping that it is read with.
  static func of(source: String, sha256: [UInt8], mapping: String?) -> SaleReportID {
    let words = Array("sale report\u{0}\(source)\u{0}\(mapping ?? "")\u{0}".utf8)
    guard let uuid = UUID(bytes: Digest.sha256(words + sha256)[..<16]) else {
      preconditionFailure("sixteen bytes are a UUID")
    }
    return SaleReportID(uuid: uuid)
  }
}
