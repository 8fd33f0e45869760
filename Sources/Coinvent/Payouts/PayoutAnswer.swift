import Ledger

/// What the provider is told; the same words at every attempt.
public struct PayoutOrder: Sendable, Equatable {
  public let key: String
  public let amount: Amount
  /// The member's id.
  public let recipient: String
  public let name: String
  public let reference: String
}

/// What was learnt about a payout from outside: from a provider, or from the person who pays.
public enum PayoutAnswer: Sendable, Equatable {
  /// It is on its way.
  case accepted(providerID: String?)
  case paid(providerID: String?)
  /// It was accepted and could not be paid.
  case failed(providerID: String?, why: String)
  /// It was paid and came back.
  case returned(providerID: String?, why: String)
  /// It was never accepted and never will be.
  case refused(why: String)
  /// The provider has never seen the key.
  case notFound
  /// No answer, or none that says anything: it may have happened.
  case unknown(why: String)

  var providerID: String? {
    switch self {
    case .accepted(let id), .paid(let id), .failed(let id, _), .returned(let id, _): id
    case .refused, .notFound, .unknown: nil
    }
  }

  var why: String? {
    switch self {
    case .failed(_, let why), .returned(_, let why), .refused(let why), .unknown(let why): why
    case .notFound: "the provider does not know its key"
    case .accepted, .paid: nil
    }
  }
}
