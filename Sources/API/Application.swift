import Coinvent
import EventLoop
import Glibc
import HTTPServer
import JSON
import Postgres

/// The whole API: a request in, an answer out, with or without a socket in front of it.
///
/// `serve` and the tests build it with the same call. It owns what requests share: the password
/// threads, the limits, and the coalescers that let requests share statements.
public final class Application: Responder {
  public typealias Report = @Sendable (any Error, Request) -> Void

  public let pool: Pool
  public let settings: ApplicationSettings
  public let passwords: Passwords
  public let images: ImageProgram
  let accountTries: RateLimit
  let addressTries: RateLimit
  let addressJoins: RateLimit
  let whatIfs: RateLimit
  let runningShares: RunningShareBook
  let influencePages: InfluencePages
  let liveInfluence: LiveTicker<ProductID, InfluenceMark>
  let principals: Lanes<Coalescer<TokenSecret, Principal?>>
  let ideas: Lanes<Coalescer<IdeaID, Idea?>>
  let ideaPages: Lanes<SharedAnswer<IdeasAPI.PageWish, IdeasAPI.Page>>
  let votes: Lanes<Coalescer<CastVotes.Wish, CastVotes.Answer>>
  let marks: VoteMarks
  let liveTallies: LiveTicker<EvaluationID, EvaluationTally>
  let liveCounts: LiveTicker<IdeaID, LiveCounts.Count>
  let streams: StreamLimit
  /// Exports that are being read.
  let exportsRunning = Locked(0)
  let ownExportsRunning = Locked(0)
  private let report: Report
  private let nextUpkeep = Locked(ContinuousClock.now)

  /// - Parameters:
  ///   - loops: those of the server, so that what arrives on a loop is answered there.
  ///   - report: told of every error that is answered with 500; writes to stderr unless given.
  public init(
    pool: Pool, loops: [EventLoop], settings: ApplicationSettings = ApplicationSettings(),
    report: @escaping Report = Application.reportToStandardError
  ) {
    self.pool = pool
    self.settings = settings
    self.report = report
    passwords = Passwords(
      threads: settings.passwordThreads, queueLimit: settings.passwordQueue)
    images = ImageProgram(path: settings.imageProgram, limit: settings.imageTime)
    accountTries = RateLimit(settings.triesPerAccount)
    addressTries = RateLimit(settings.triesPerAddress)
    addressJoins = RateLimit(settings.joinsPerAddress)
    whatIfs = RateLimit(settings.whatIfsPerMember)
    liveTallies = LiveTicker { ids in
      let tallies = try await EvaluationTally.read(ids, in: pool)
      return Dictionary(uniqueKeysWithValues: tallies.map { ($0.id, $0) })
    }
    let shares = RunningShareBook(in: pool)
    runningShares = shares
    influencePages = InfluencePages(shares, in: pool)
    liveInfluence = LiveTicker { try await InfluenceMark.of($0, in: pool) }
    liveCounts = LiveTicker { try await LiveCounts.of($0, in: pool) }
    streams = StreamLimit(most: settings.streams, perAddress: settings.streamsPerAddress)
    principals = Lanes(loops) { loop in
      Coalescer(on: loop, isFaultOfOne: Application.isFaultOfOne) {
        try await FindPrincipals.run($0, in: pool)
      }
    }
    ideas = Lanes(loops) { loop in
      Coalescer(on: loop, isFaultOfOne: Application.isFaultOfOne) {
        try await FindIdeas.run($0, in: pool)
      }
    }
    ideaPages = Lanes(loops) { loop in
      SharedAnswer(on: loop) { try await IdeasAPI.page($0, in: pool) }
    }
    marks = VoteMarks(pool: pool)
    let shape = VoteShape()
    votes = Lanes(loops) { loop in
      Coalescer(limit: 1000, on: loop, isFaultOfOne: Application.isFaultOfOne) {
        try await CastVotes.run($0, shape: shape, in: pool)
      }
    }
  }

  /// Ends the threads of passwords and images; no request may be under way any more.
  public func stop() {
    passwords.stop()
    images.stop()
  }

  /// Once an hour, beside the request that happens to come then, forgets what nobody can need any
  /// more. A failure is no matter: the next hour tries again.
  func forgetOldNowAndThen() {
    let isDue = nextUpkeep.withLock { next in
      guard next <= .now else { return false }
      next = .now + .seconds(3600)
      return true
    }
    guard isDue else { return }
    let keep = settings.answersKept
    Task { [pool] in
      do {
        try await KeptAnswer.forget(before: .now - keep, in: pool)
        try await ForgetTokens.run(endedBefore: .now - .seconds(30 * 86_400), in: pool)
      } catch {}
    }
  }

  public func respond(to request: Request) async -> Response {
    do {
      return try await answer(request)
    } catch {
      let problem = Problem(error)
      if problem.status == 500 || Problem.isOurProgram(error) { report(error, request) }
      return problem.response()
    }
  }

  /// A report of sales and an import may be longer than other bodies, 4 MiB hold 5 000 lines; so
  /// may images.
  public func bodyLimit(for head: Request) -> Int? {
    head.path == "/v1/sales" || head.path.hasPrefix("/v1/imports/")
      ? 4 * 1024 * 1024
      : ImagesRoute.bodyLimit(for: head) ?? EntryFilesRoute.bodyLimit(for: head)
  }

  private func answer(_ request: Request) async throws -> Response {
    let routes = Route.at(request.segments)
    if routes.isEmpty { throw Problem.notFound("such path") }
    guard let route = routes.first(where: { $0.method == request.method })?.route else {
      throw Problem.methodNotAllowed(routes.map(\.method))
    }
    let principal = try await admit(request, to: route)
    return try await handle(route, Call(request: request, principal: principal, application: self))
  }

  private func handle(_ route: Route, _ call: Call) async throws -> Response {
    switch route {
    case .describe: DescribeAPI.describe()
    case .health: HealthAPI.health()
    case .readiness: try await HealthAPI.readiness(call)

    case .createMember: try await MembersAPI.create(call)
    case .readMe: try await MembersAPI.readMe(call)
    case .signIn: try await SessionsAPI.signIn(call)
    case .signOut: try await SessionsAPI.signOut(call)
    case .createToken: try await TokensAPI.create(call)
    case .listTokens: try await TokensAPI.list(call)
    case .revokeToken(let id): try await TokensAPI.revoke(id, call)

    case .submitIdea: try await IdeasAPI.submit(call)
    case .listIdeas: try await IdeasAPI.list(call)
    case .readIdea(let id): try await IdeasAPI.read(id, call)
    case .castVote(let id): try await VotesAPI.set(id, voted: true, call)
    case .withdrawVote(let id): try await VotesAPI.set(id, voted: false, call)
    case .decideIdea(let id): try await DecisionsAPI.decide(id, call)
    case .editIdea(let id): try await IdeaLifeAPI.edit(id, call)
    case .submitDraft(let id): try await IdeaLifeAPI.submit(id, call)
    case .withdrawIdea(let id): try await IdeaLifeAPI.withdraw(id, call)
    case .moveIdea(let id): try await IdeaLifeAPI.move(id, call)
    case .readHistory(let id): try await IdeaRecordAPI.history(id, call)
    case .readVersions(let id): try await IdeaRecordAPI.versions(id, call)
    case .readGates(let id): try await IdeaRecordAPI.gates(id, call)
    case .mergeIdea(let id): try await MergesAPI.merge(id, call)
    case .unmergeIdea(let id): try await MergesAPI.unmerge(id, call)
    case .searchIdeas: try await SearchAPI.search(call)
    case .similarIdeas: try await SearchAPI.similar(call)
    case .listOwnIdeas: try await IdeaRecordAPI.mine(call)

    case .readProduct(let id): try await ProductsAPI.read(id, call)
    case .recordContribution(let id): try await ContributionsAPI.record(id, call)
    case .readInfluence(let id): try await InfluenceAPI.read(id, call)
    case .proposeShares(let id): try await SharesAPI.propose(id, call)
    case .lockShares(let id): try await SharesAPI.lock(id, call)

    case .recordSales: try await SalesAPI.record(call)
    case .settle: try await SettlementsAPI.settle(call)
    case .readEarnings(let id): try await EarningsAPI.read(id, call)

    case .requestPayout: try await PayoutsAPI.request(call)
    case .listPayouts: try await PayoutsAPI.list(call)
    case .readPayout(let id): try await PayoutsAPI.read(id, call)

    case .feature(let route): try await route.answer(call)
    }
  }

  /// A lost or crowded database fails a whole batch; anything else may be the fault of one.
  private static let isFaultOfOne: @Sendable (any Error) -> Bool = { error in
    guard let error = error as? DatabaseError else { return true }
    return error.kind == .server && !error.isUnavailable
      && error.sqlState?.hasPrefix("57P") != true
  }

  public static let reportToStandardError: Report = { error, request in
    // A database error describes itself without values; other errors might not.
    let isSafe = error is DatabaseError || Problem.isOurProgram(error)
    let text = isSafe ? "\(error)" : "\(type(of: error))"
    let line = "error: \(request.method.rawValue) \(request.path) [\(request.id)]: \(text)\n"
    _ = line.withCString { write(2, $0, strlen($0)) }
  }
}
