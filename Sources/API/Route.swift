import Coinvent
import HTTPServer

/// Everything the API answers, one case a route.
///
/// A new route is a case here, a line in `at`, a line in `policy` (Policy.swift) and a line in
/// `Application.handle`; the compiler asks for what is missing.
public enum Route: Hashable, Sendable {
  case describe
  case health
  case readiness

  case createMember
  case readMe
  case signIn
  case signOut
  case createToken
  case listTokens
  case revokeToken(TokenID)

  case submitIdea
  case listIdeas
  case readIdea(IdeaID)
  case castVote(IdeaID)
  case withdrawVote(IdeaID)
  case decideIdea(IdeaID)
  case editIdea(IdeaID)
  case submitDraft(IdeaID)
  case withdrawIdea(IdeaID)
  case moveIdea(IdeaID)
  case readHistory(IdeaID)
  case readVersions(IdeaID)
  case readGates(IdeaID)
  case mergeIdea(IdeaID)
  case unmergeIdea(IdeaID)
  case searchIdeas
  case similarIdeas
  case listOwnIdeas
  case listGates
  case makeGates
  case chooseGates

  case readProduct(ProductID)
  case recordContribution(ProductID)
  case readInfluence(ProductID)
  case proposeShares(ProductID)
  case lockShares(ProductID)

  case recordSales
  case settle
  case readEarnings(MemberID)

  case requestPayout
  case listPayouts
  case readPayout(PayoutID)

  /// The routes of a path by method; empty for a path that does not exist.
  static func at(_ path: [String]) -> [(method: Method, route: Route)] {
    switch (path.count, path.first) {
    case (0, _): [(.get, .describe)]
    case (1, "healthz"): [(.get, .health)]
    case (1, "readyz"): [(.get, .readiness)]
    case (2...5, "v1"): version1(Path(path.dropFirst()))
    default: []
    }
  }

  private static func version1(_ path: Path) -> [(method: Method, route: Route)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("members", nil, nil, nil): [(.post, .createMember)]
    case ("me", nil, nil, nil): [(.get, .readMe)]
    case ("sessions", nil, nil, nil): [(.post, .signIn), (.delete, .signOut)]
    case ("tokens", nil, nil, nil): [(.get, .listTokens), (.post, .createToken)]
    case ("tokens", let id?, nil, nil): with(id) { [(.delete, .revokeToken($0))] }

    case ("ideas", nil, nil, nil): [(.get, .listIdeas), (.post, .submitIdea)]
    case ("ideas", "search", nil, nil): [(.get, .searchIdeas)]
    case ("ideas", "similar", nil, nil): [(.get, .similarIdeas)]
    case ("ideas", let id?, nil, nil):
      with(id) { [(.get, .readIdea($0)), (.patch, .editIdea($0))] }
    case ("ideas", let id?, "vote", nil):
      with(id) { [(.put, .castVote($0)), (.delete, .withdrawVote($0))] }
    case ("ideas", let id?, let part?, nil): with(id) { partOfIdea($0, part) }
    case ("me", "ideas", nil, nil): [(.get, .listOwnIdeas)]
    case ("gates", nil, nil, nil): [(.get, .listGates), (.post, .makeGates)]
    case ("gates", "chosen", nil, nil): [(.put, .chooseGates)]

    case ("products", let id?, nil, nil): with(id) { [(.get, .readProduct($0))] }
    case ("products", let id?, "contributions", nil):
      with(id) { [(.post, .recordContribution($0))] }
    case ("products", let id?, "influence", nil): with(id) { [(.get, .readInfluence($0))] }
    case ("products", let id?, "shares", "propose"): with(id) { [(.post, .proposeShares($0))] }
    case ("products", let id?, "shares", "lock"): with(id) { [(.post, .lockShares($0))] }

    case ("sales", nil, nil, nil): [(.post, .recordSales)]
    case ("settlements", nil, nil, nil): [(.post, .settle)]
    case ("members", let id?, "earnings", nil): with(id) { [(.get, .readEarnings($0))] }

    case ("payouts", nil, nil, nil): [(.get, .listPayouts), (.post, .requestPayout)]
    case ("payouts", let id?, nil, nil): with(id) { [(.get, .readPayout($0))] }
    default: []
    }
  }

  private static func partOfIdea(_ id: IdeaID, _ part: String) -> [(method: Method, route: Route)] {
    switch part {
    case "decisions": [(.post, .decideIdea(id))]
    case "submission": [(.post, .submitDraft(id))]
    case "withdrawal": [(.post, .withdrawIdea(id))]
    case "moves": [(.post, .moveIdea(id))]
    case "history": [(.get, .readHistory(id))]
    case "versions": [(.get, .readVersions(id))]
    case "gates": [(.get, .readGates(id))]
    case "merge": [(.put, .mergeIdea(id)), (.delete, .unmergeIdea(id))]
    default: []
    }
  }

  /// A path with something else than an id in an id's place does not exist.
  private static func with<ID: EntityID>(
    _ text: String, _ routes: (ID) -> [(method: Method, route: Route)]
  ) -> [(method: Method, route: Route)] {
    ID(text).map(routes) ?? []
  }

  /// The parts of a path; nil behind its end.
  private struct Path {
    let parts: ArraySlice<String>
    init(_ parts: ArraySlice<String>) { self.parts = parts }
    subscript(place: Int) -> String? {
      place < parts.count ? parts[parts.startIndex + place] : nil
    }
  }
}
