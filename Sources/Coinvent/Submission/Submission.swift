import Postgres

/// What a submission brings along, and what it meets on its way to the votes.
public struct Submission: Sendable {
  /// What its author says besides the idea itself.
  public struct Wish: Sendable {
    /// The version of the terms that the author accepts.
    public var terms: Int64?
    /// The call that the idea answers; nil for the one that its draft names, if any.
    public var brief: BriefID?

    public static let nothing = Wish()

    public init(terms: Int64? = nil, brief: BriefID? = nil) {
      self.terms = terms
      self.brief = brief
    }
  }

  public enum Refusal: Sendable {
    /// These are in force, and were not accepted.
    case termsNotAccepted(inForce: Int64)
    case unknownBrief
    /// It is not open yet, or has closed.
    case briefNotOpen(Brief)
  }

  enum Step {
    case ready(Submission)
    case refused(Refusal)
  }

  /// `open`, or `submitted` when there is something to wait for.
  let state: Idea.State
  let brief: BriefID?
  private let terms: Terms?
  private let fee: FeeRate?
  private let waitsForCurator: Bool

  /// - Parameter state: `open`, or `submitted` when a curator is to open it.
  /// - Throws: `Invalid` for terms that cannot be accepted as there are none.
  static func prepare(_ wish: Wish, as state: Idea.State, at now: Timestamp, in tx: Transaction)
    async throws -> Step
  {
    let terms = try await Terms.inForce(at: now, in: tx)
    if let terms, terms.version != wish.terms {
      return .refused(.termsNotAccepted(inForce: terms.version))
    }
    if terms == nil && wish.terms != nil {
      throw Invalid("/accept_terms", "names terms, and none are in force")
    }
    var brief: Brief?
    if let id = wish.brief {
      brief = try await Brief.find(id, in: tx)
      guard let brief else { return .refused(.unknownBrief) }
      if brief.state(at: now) != .open { return .refused(.briefNotOpen(brief)) }
    }
    // Answering a brief is free.
    let rate = brief == nil ? try await FeeRate.inForce(at: now, in: tx) : nil
    let fee = rate.flatMap { $0.amount.nanos > 0 ? $0 : nil }
    let waits = fee != nil || brief?.texts.isHidden ?? false
    return .ready(
      Submission(
        state: waits ? .submitted : state, brief: brief?.id, terms: terms, fee: fee,
        waitsForCurator: state == .submitted))
  }

  /// What is kept of it, once the idea is there.
  func record(_ idea: IdeaID, by author: MemberID, at now: Timestamp, in tx: Transaction)
    async throws
  {
    if let terms {
      try await TermAcceptance.record(terms, for: idea, by: author, at: now, in: tx)
    }
    if let fee { try await IdeaFee.ask(fee, for: idea, of: author, at: now, in: tx) }
    if waitsForCurator {
      try await tx.execute(
        "UPDATE ideas SET waits_for_curator = true WHERE id = \(idea.uuid)")
    }
  }
}
