import Coinvent
import HTTPServer

/// Everything the API answers, one case a route.
///
/// A new route belongs to a feature: a `FeatureRoute` of its own, named once in `features`. What is
/// asked for most is listed here, where a `switch` finds it without looking further.
public enum Route: Sendable {
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

  /// One of a feature's own.
  case feature(any FeatureRoute)

  /// The features that have routes of their own.
  static let features: [any FeatureRoute.Type] = [
    ImagesRoute.self,
    CommentsRoute.self,
    BooksRoute.self,
    ContractsRoute.self,
    BriefsRoute.self,
    ChoosingRoute.self,
    DisplayRoute.self,
    DisputesRoute.self,
    SalesRoute.self,
    HooksRoute.self,
    AssignmentsRoute.self,
    AccountMergesRoute.self,
    LeaversRoute.self,
    FeesRoute.self,
    PeriodsRoute.self,
    StatementsRoute.self,
    ExportsRoute.self,
    FollowsRoute.self,
    FeedsRoute.self,
    GatesRoute.self,
    GroupsRoute.self,
    VotingRoute.self,
    SignalsRoute.self,
    EvaluationsRoute.self,
    EntriesRoute.self,
    EntryFilesRoute.self,
    LikingsRoute.self,
    LiveRoute.self,
    ModerationRoute.self,
    NotificationsRoute.self,
    ImportsRoute.self,
    InfluenceRoute.self,
    OpenAPIRoute.self,
    OwnDataRoute.self,
    TagsRoute.self,
    ProfilesRoute.self,
    ProjectCommentsRoute.self,
    ProjectsRoute.self,
    PresaleRoute.self,
    CommitmentsRoute.self,
    ReferralsRoute.self,
    ProofRoute.self,
    ProxyVotesRoute.self,
    RecipesRoute.self,
    ReportsRoute.self,
    StagesRoute.self,
    TermsRoute.self,
    TraceRoute.self,
  ]

  /// Pages for people, beside `/v1`.
  static let pages: [any FeatureRoute.Type] = [PagesRoute.self]

  /// The routes of a path by method; empty for a path that does not exist.
  static func at(_ path: [String]) -> [(method: Method, route: Route)] {
    switch (path.count, path.first) {
    case (0, _): [(.get, .describe)]
    case (1, "healthz"): [(.get, .health)]
    case (1, "readyz"): [(.get, .readiness)]
    case (2...9, "v1"): version1(Path(path.dropFirst()))
    case (1...2, "products"), (1, "solvency"): routes(of: PagesRoute.self, at: Path(path[...]))
    default: []
    }
  }

  private static func ofFeatures(_ path: Path) -> [(method: Method, route: Route)] {
    for feature in features {
      let found = routes(of: feature, at: path)
      if !found.isEmpty { return found }
    }
    return []
  }

  private static func routes<Feature: FeatureRoute>(of _: Feature.Type, at path: Path)
    -> [(method: Method, route: Route)]
  {
    Feature.at(path).map { ($0.method, .feature($0.route)) }
  }

  /// The routes of a path behind `/v1`.
  private static func version1(_ path: Path) -> [(method: Method, route: Route)] {
    let found = path.count <= 4 ? known(path) : []
    return found.isEmpty ? ofFeatures(path) : found
  }

  private static func known(_ path: Path) -> [(method: Method, route: Route)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("members", nil, nil, nil): [(.post, .createMember)]
    case ("me", nil, nil, nil): [(.get, .readMe), (.delete, .feature(OwnDataRoute.erase))]
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

  private static func with<ID: EntityID>(
    _ text: String, _ routes: (ID) -> [(method: Method, route: Route)]
  ) -> [(method: Method, route: Route)] {
    ID(text).map(routes) ?? []
  }
}
