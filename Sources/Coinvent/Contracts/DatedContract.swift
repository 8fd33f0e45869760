import JSON
import Postgres

/// A version of a product's contract.
public struct DatedContract: Sendable {
  public let version: Int
  /// The first governs every earlier sale too.
  public let startsAt: Timestamp
  public let createdAt: Timestamp
  public let terms: ContractTerms
  /// Why it was made; nil for the first, which is part of the decision that opened the product.
  public let reason: String?
  /// Nil also for what was done from the command line without a name.
  public let madeBy: MemberID?

  public init(
    version: Int, startsAt: Timestamp, createdAt: Timestamp, terms: ContractTerms,
    reason: String? = nil, madeBy: MemberID? = nil
  ) {
    self.version = version
    self.startsAt = startsAt
    self.createdAt = createdAt
    self.terms = terms
    self.reason = reason
    self.madeBy = madeBy
  }

  /// Nil for the first, which has no start.
  public var start: Timestamp? { version == 1 ? nil : startsAt }

  public var json: JSON {
    var json = terms.json.object ?? JSONObject()
    json["version"] = .int(Int64(version))
    json["starts_at"] = start.map { .string($0.description) } ?? .null
    json["made_at"] = .string(createdAt.description)
    json["made_by"] = madeBy.map { .string($0.description) } ?? .null
    json["reason"] = reason.map { .string($0) } ?? .null
    return .object(json)
  }
}

extension [DatedContract] {
  /// The version in force; there is always one, since the first has no start.
  public func inForce(at time: Timestamp) -> DatedContract {
    guard let found = last(where: { $0.startsAt <= time }) ?? first else {
      preconditionFailure("a product has a contract")
    }
    return found
  }
}
