/// What a token may be used for, inside what its member's role allows.
public enum Scope: String, CaseIterable, Sendable {
  /// Reading what only the member sees: the own account and the own money.
  case read
  /// Making and revoking tokens.
  case account
  /// Submitting ideas.
  case ideas
  /// Writing comments, reacting to them, and reporting.
  case comments
  /// Casting and withdrawing votes.
  case votes
  /// Deciding about ideas, recording contributions, proposing and locking shares.
  case curation
  /// Sales, settlements, payouts.
  case finance
}

extension Set<Scope> {
  public static var everything: Set<Scope> { Set(Scope.allCases) }

  /// The words as they are stored and shown, in one order.
  public var words: [String] { Scope.allCases.filter(contains).map(\.rawValue) }
}
