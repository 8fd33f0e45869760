import Coinvent

/// Who may use a route. What depends on the thing itself (whose idea, whose money) is decided by
/// the domain or in the query.
public enum Policy: Hashable, Sendable {
  /// Everybody; a token is not even looked at.
  case open
  /// Everybody; a token may show more.
  case everybody
  /// Members whose role includes this one, with a token that has the scope (nil: any token).
  case members(Role, Scope?)
  /// Members with a token that has the scope, which the statement that does the work finds out
  /// itself: one round trip for both.
  case holders(Scope)
}

extension Route {
  public var policy: Policy {
    switch self {
    case .describe, .health, .readiness: .open
    case .createMember, .signIn: .open
    case .readMe: .members(.member, .read)
    case .signOut: .members(.member, nil)
    case .createToken, .listTokens, .revokeToken: .members(.member, .account)

    case .listIdeas, .readIdea: .everybody
    case .submitIdea: .members(.member, .ideas)
    case .castVote, .withdrawVote: .holders(.votes)
    case .decideIdea, .moveIdea, .mergeIdea, .unmergeIdea: .members(.curator, .curation)
    case .editIdea, .submitDraft, .withdrawIdea: .members(.member, .ideas)
    case .readHistory, .readVersions, .readGates: .everybody
    case .searchIdeas, .similarIdeas: .everybody
    case .listOwnIdeas: .members(.member, .read)

    case .readProduct, .readInfluence: .everybody
    case .recordContribution, .proposeShares, .lockShares: .members(.curator, .curation)

    case .recordSales, .settle: .members(.finance, .finance)
    case .readEarnings: .members(.member, .read)

    case .listPayouts, .readPayout: .members(.member, .read)
    case .requestPayout: .members(.member, .finance)

    case .feature(let route): route.policy
    }
  }
}
