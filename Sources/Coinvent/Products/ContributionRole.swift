/// What somebody did for a slice, where its recipe tells those who made from those who chose.
public enum ContributionRole: String, Sendable, CaseIterable {
  /// In a recipe every role that no other part of the slice names; in an event none in particular.
  case any = ""
  /// Made what was adopted.
  case entry
  /// Chose it: votes, duels, ratings.
  case vote

  /// The roles that are written down; the one that is left out is `any`.
  public enum Written: String, Sendable, CaseIterable {
    case entry, vote

    public var role: ContributionRole {
      switch self {
      case .entry: .entry
      case .vote: .vote
      }
    }
  }
}
