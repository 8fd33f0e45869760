import Ledger
import Postgres

/// What one settlement credited one member: a leaf of the settlement's tree.
public struct MemberLines: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
      case share
      /// A referrer's part: the pool is what the member has of it.
      case referral
    }

    public let product: ProductID
    public let contractVersion: Int
    public let shareVersion: Int
    public let currency: Currency
    public let kind: Kind
    public let ppb: Int64
    /// What is divided, before and after the settlement, in nanos.
    public let before: Int64
    public let after: Int64

    /// What was credited, in nanos; negative after returns.
    public var amount: Int64 { Due.of(pool: after, ppb: ppb) - Due.of(pool: before, ppb: ppb) }

    var text: String {
      "line \(product) \(contractVersion) \(shareVersion) \(currency) \(kind.rawValue) \(ppb) "
        + "\(NineDigits.text(before)) \(NineDigits.text(after)) \(NineDigits.text(amount))\n"
    }
  }

  public let settlement: SettlementID
  public let member: MemberID
  /// Without those of nothing; by product, versions, currency and kind.
  public let lines: [Line]

  /// The text that the leaf hashes.
  func text(salt: [UInt8]) -> String {
    """
    coinvent lines v1
    settlement \(settlement)
    member \(member)
    salt \(Digest.hex(salt))

    """ + lines.map(\.text).joined()
  }

  func leaf(salt: [UInt8]) -> [UInt8] { MerkleTree.leaf(Array(text(salt: salt).utf8)) }

  /// What was credited in all, by currency.
  public var totals: [(currency: Currency, nanos: Int64)] {
    let sums = Dictionary(lines.map { ($0.currency, $0.amount) }, uniquingKeysWith: +)
    return sums.sorted { $0.key < $1.key }.map { (currency: $0.key, nanos: $0.value) }
  }
}

/// Keeps others from trying out what a leaf may hash: a part of its text that nobody can guess.
struct LineSalt: Sendable {
  private let key: SigningKey

  /// Makes the key at first use; it never leaves the database.
  static func make(in db: some Queryable) async throws -> LineSalt {
    LineSalt(key: try await SigningKey.of("lines", in: db))
  }

  /// Nil when nothing was sealed yet.
  static func read(in db: some Queryable) async throws -> LineSalt? {
    try await SigningKey.find("lines", in: db).map(LineSalt.init(key:))
  }

  /// 32 bytes that follow from whom and what they are for.
  func of(_ member: MemberID, in settlement: SettlementID) -> [UInt8] {
    key.sign(Array("coinvent salt v1\nsettlement \(settlement)\nmember \(member)\n".utf8))
  }
}
