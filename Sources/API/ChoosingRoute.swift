import Coinvent
import HTTPServer

/// How the best of a project's entries are found, and what is picked.
enum ChoosingRoute: FeatureRoute {
  /// A project by its product.
  struct Round: Sendable {
    let product: ProductID
    let project: ProjectID
  }

  case mine(Round)
  case vote(Round, EntryID)
  case unvote(Round, EntryID)
  case nextDuel(Round)
  case judge(Round)
  case rate(Round, EntryID)
  case unrate(Round, EntryID)
  case score(Round, EntryID)
  case guess(Round)
  case unguess(Round)
  case leaders(Round)
  case decide(Round)
  case decision(Round)

  static func at(_ path: Path) -> [(method: Method, route: ChoosingRoute)] {
    guard path[0] == "products", path[2] == "projects", path.count <= 7,
      let product = path[1].flatMap(ProductID.init),
      let project = path[3].flatMap(ProjectID.init)
    else { return [] }
    let round = Round(product: product, project: project)
    return switch (path[4], path[5], path[6]) {
    case ("choices", nil, nil): [(.get, .mine(round))]
    case ("duels", nil, nil): [(.post, .judge(round))]
    case ("duels", "next", nil): [(.get, .nextDuel(round))]
    case ("guess", nil, nil): [(.put, .guess(round)), (.delete, .unguess(round))]
    case ("leaders", nil, nil): [(.get, .leaders(round))]
    case ("decision", nil, nil): [(.get, .decision(round)), (.post, .decide(round))]
    case ("entries", let entry?, let part?): with(entry) { at($0, part, round) }
    default: []
    }
  }

  private static func at(_ entry: EntryID, _ part: String, _ round: Round)
    -> [(method: Method, route: ChoosingRoute)]
  {
    switch part {
    case "vote": [(.put, .vote(round, entry)), (.delete, .unvote(round, entry))]
    case "rating": [(.put, .rate(round, entry)), (.delete, .unrate(round, entry))]
    case "score": [(.put, .score(round, entry))]
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .mine: .members(.member, .read)
    case .vote, .unvote, .nextDuel, .judge, .rate, .unrate, .score, .guess, .unguess:
      .members(.member, .votes)
    case .leaders, .decision: .everybody
    case .decide: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .mine(let round): try await OwnChoicesAPI.read(round, call)
    case .vote(let round, let entry): try await ChoosingAPI.vote(true, entry, round, call)
    case .unvote(let round, let entry): try await ChoosingAPI.vote(false, entry, round, call)
    case .nextDuel(let round): try await DuelsAPI.next(round, call)
    case .judge(let round): try await DuelsAPI.judge(round, call)
    case .rate(let round, let entry): try await ChoosingAPI.rate(entry, round, call)
    case .unrate(let round, let entry): try await ChoosingAPI.unrate(entry, round, call)
    case .score(let round, let entry): try await ChoosingAPI.score(entry, round, call)
    case .guess(let round): try await ChoosingAPI.guess(round, call)
    case .unguess(let round): try await ChoosingAPI.unguess(round, call)
    case .leaders(let round): try await LeadersAPI.read(round, call)
    case .decide(let round): try await LeadersAPI.decide(round, call)
    case .decision(let round): try await LeadersAPI.decision(round, call)
    }
  }

  static let operations = ChoosingOperations.choices + ChoosingOperations.results
}
