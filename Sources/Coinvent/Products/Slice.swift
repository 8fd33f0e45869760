/// A part of the community's share that one kind of contribution earns.
public enum Slice: String, Sendable, CaseIterable {
  case inventor
  case ideaVotes = "idea_votes"
  case ideaDiscussion = "idea_discussion"
  case comparison, research, design, finish, naming, tagline, packaging, pricing, presale
  /// Who brought later ideas that were merged into this one: their authors and their voters.
  case catalyst
}

/// How a slice is divided among those who earned it.
public enum SlicePolicy: String, Sendable, CaseIterable {
  /// To those who are named, in proportion to their agreed weights.
  case named
  /// Each adopted contribution counts one.
  case equal
  /// In proportion to weight.
  case weight
  /// A contribution of weight n counts 1/n: it pays less the more votes were spread.
  case selective
}
