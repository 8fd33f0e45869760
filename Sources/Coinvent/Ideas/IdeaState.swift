import Postgres

extension Idea {
  /// Where an idea is in its life. What may follow what is a table of the schema,
  /// `idea_transitions`, which the database enforces and `next` repeats.
  public enum State: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    /// Its author writes it; nobody else sees it.
    case draft
    /// It waits for a curator to open it.
    case submitted
    /// Votes are taken.
    case open
    /// It has passed its gates.
    case qualified
    case inReview = "in_review"
    case inEvaluation = "in_evaluation"
    /// It is a product now.
    case accepted
    case declined
    /// It missed a gate.
    case expired
    /// Another idea has its votes.
    case duplicate
    case removed
    /// Its author took it back.
    case withdrawn

    public var next: Set<State> {
      switch self {
      case .draft: [.submitted, .open, .withdrawn]
      case .submitted: [.open, .declined, .removed, .withdrawn]
      case .open:
        [
          .qualified, .inReview, .inEvaluation, .accepted, .declined, .expired, .duplicate,
          .removed, .withdrawn,
        ]
      case .qualified:
        [.inReview, .inEvaluation, .accepted, .declined, .duplicate, .removed, .withdrawn]
      case .inReview:
        [.open, .inEvaluation, .accepted, .declined, .duplicate, .removed, .withdrawn]
      case .inEvaluation: [.inReview, .accepted, .declined, .removed]
      case .expired: [.open, .qualified, .removed]
      case .duplicate: [.open, .qualified, .inReview]
      case .withdrawn: [.removed]
      case .accepted, .declined, .removed: []
      }
    }

    /// States that end an idea's life, at least for now; `decided_at` tells when.
    public var isEnd: Bool {
      switch self {
      case .accepted, .declined, .expired, .duplicate, .removed, .withdrawn: true
      case .draft, .submitted, .open, .qualified, .inReview, .inEvaluation: false
      }
    }

    /// States whose ideas are not for everybody's eyes.
    public var isHidden: Bool { self == .draft || self == .submitted || self == .removed }

    /// States that ideas end in which may never have been open: they stay their authors' then.
    var mayBeNeverOpen: Bool { self == .withdrawn || self == .declined }

    /// States in which the author may still change the texts.
    public var isEditable: Bool { self == .draft || self == .submitted || self == .open }
  }
}

extension Idea {
  /// Not for everybody's eyes.
  public var isHidden: Bool { state.isHidden || isNeverOpen }
}
