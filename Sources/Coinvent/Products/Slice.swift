/// A part of the community's share that one kind of contribution earns.
public enum Slice: String, Sendable, CaseIterable {
  case inventor
  case ideaVotes = "idea_votes"
  case ideaDiscussion = "idea_discussion"
  case comparison, research, design, finish, naming, tagline, packaging, pricing, presale
  /// Who brought later ideas that were merged into this one: their authors and their voters.
  case catalyst
}
