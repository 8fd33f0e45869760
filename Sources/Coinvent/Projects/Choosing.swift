/// How the best of a project's entries are found. The curator picks among those that lead.
public enum Choosing: String, Sendable, CaseIterable {
  /// A limited number of votes for each member.
  case votes
  /// Pairs of entries, head to head.
  case duels
  /// Stars on stated criteria.
  case ratings
  /// Scores by named jurors.
  case jury
  /// Answers are what is asked for: each that is complete counts, and none wins.
  case survey
  /// A price is guessed; closeness counts.
  case guesses
  /// The curator alone.
  case curator
}
