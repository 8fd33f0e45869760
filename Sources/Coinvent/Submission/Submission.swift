import Postgres

/// What a submission brings along, and what it meets on its way to the votes.
public struct Submission: Sendable {
  /// What its author says besides the idea itself.
  public struct Wish: Sendable {
    /// The version of the terms that the author accepts.
    public var terms: Int64?

    public static let nothing = Wish()

    public init(terms: Int64? = nil) {
      self.terms = terms
    }
  }

  public enum Refusal: Sendable {
    /// These are in force, and were not accepted.
    case termsNotAccepted(inForce: Int64)
  }

  enum Step {
    case ready(Submission)
    case refused(Refusal)
  }

  let terms: Terms?

  /// - Throws: `Invalid` for terms that cannot be accepted as there are none.
  static func prepare(_ wish: Wish, at now: Timestamp, in tx: Transaction) async throws -> Step {
    let terms = try await Terms.inForce(at: now, in: tx)
    if let terms, terms.version != wish.terms {
      return .refused(.termsNotAccepted(inForce: terms.version))
    }
    if terms == nil && wish.terms != nil {
      throw Invalid("/accept_terms", "names terms, and none are in force")
    }
    return .ready(Submission(terms: terms))
  }

  /// What is kept of it, once the idea is there.
  func record(_ idea: IdeaID, by author: MemberID, at now: Timestamp, in tx: Transaction)
    async throws
  {
    if let terms {
      try await TermAcceptance.record(terms, for: idea, by: author, at: now, in: tx)
    }
  }
}
