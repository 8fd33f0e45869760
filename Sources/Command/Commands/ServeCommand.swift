import API
import EventLoop
import HTTPServer
import JSON
import Postgres

/// `coinvent serve`
enum ServeCommand: Command {
  static let spec = CommandSpec(
    "serve", summary: "Serve the HTTP API until SIGINT or SIGTERM.",
    examples: [
      Example("coinvent serve", "On http://127.0.0.1:8080, with the cluster of .coinvent."),
      Example("coinvent serve --host 0.0.0.0 --port 9000", "On every network, port 9000."),
      Example(
        "coinvent serve --database-url postgresql://me@db/coinvent", "With a server of your own."),
    ],
    options: [
      Setting.host, .port, .loops, .poolSize, .poolQueue, .poolWait, .statementTimeout,
      .tokenLifetime, .submissions, .connectionsPerAddress, .joinsPerAddress, .triesPerAddress,
      .triesPerAccount, .imageProgram, .stopWithin, .publicURL,
    ].map(\.option),
    stopsGracefully: true,
    notes: [
      "The access log goes to stdout, one JSON object a line; everything else to stderr.",
      "On SIGINT or SIGTERM it stops listening, finishes what is in flight and ends.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let loops = (0..<context.settings.loops).map { EventLoop(name: "serve-\($0)") }
    var configuration = try context.poolConfiguration()
    configuration.size = max(configuration.size, loops.count + 1)
    // Starting parallel workers or compiling a plan takes longer than any request may. PostgreSQL
    // cannot know: to a plan for any LIMIT, a list of a million ideas looks like a tenth of them.
    configuration.settings = ["max_parallel_workers_per_gather": "0", "jit": "off"]
    return try await context.withPool(configuration, loops: loops) { pool in
      try await MigrateCommand.refuseOldSchema(pool)
      return try await serve(pool, loops, context)
    }
  }

  private static func serve(_ pool: Pool, _ loops: [EventLoop], _ context: Context) async throws
    -> ExitCode
  {
    let application = Application(pool: pool, loops: loops, settings: settings(context.settings))
    let log = context.settings.logLevel <= .info ? AccessLog(descriptor: 1) : nil
    let server = Server(
      serverConfiguration(context.settings), loops: loops, responder: application, log: log)
    do throws(HTTPServerError) { try server.start() } catch { throw failure(error) }
    if !application.images.isThere {
      context.output.remark(
        "Images are not taken: \(application.images.path) is missing; name it with image_program.")
    }
    context.output.remark("Serving on http://\(context.settings.host):\(server.port)")
    await context.stop.wait()
    context.output.remark("Stopping: finishing \(server.connections) connections.")
    await server.stop(within: context.settings.stopWithin)
    application.stop()
    await log?.close()
    return .ok
  }

  private static func settings(_ settings: Settings) -> ApplicationSettings {
    var application = ApplicationSettings()
    application.sessionLifetime = settings.tokenLifetime
    application.joinsPerAddress.burst = settings.joinsPerAddress
    application.triesPerAddress.burst = settings.triesPerAddress
    application.triesPerAccount.burst = settings.triesPerAccount
    application.submissions = settings.submissions
    application.imageProgram = settings.imageProgram
    application.publicURL = settings.publicURL
    application.payouts = PayoutSettings.policy(settings)
    application.approveAbove = settings.approveAbove
    return application
  }

  private static func serverConfiguration(_ settings: Settings) -> ServerConfiguration {
    var server = ServerConfiguration()
    server.address = settings.host
    server.port = settings.port
    server.connectionsPerAddress = settings.connectionsPerAddress
    return server
  }

  private static func failure(_ error: HTTPServerError) -> Failure {
    switch error {
    case .addressInUse(let address, let port):
      Failure(
        .busy, "Port \(port) of \(address) is busy: another program listens on it.",
        mend: "Choose another with --port N, or find it with: ss -ltnp 'sport = :\(port)'")
    case .notPermitted, .addressInvalid, .system, .libraryRefused: Failure(.error, "\(error).")
    }
  }
}
