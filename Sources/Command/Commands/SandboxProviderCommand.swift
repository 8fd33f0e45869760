import EventLoop
import HTTPServer
import JSON
import Sandbox

/// `coinvent sandbox-provider`
enum SandboxProviderCommand: Command {
  static let port = Option.value("port", "N", "The port to listen on.", standard: "8090")
  static let state = Option.value(
    "state", "DIR", "Where its journal lies.", standard: "DIR/sandbox", completes: .folder)
  static let faults = Option.value("faults", "SPEC", "What goes wrong, as below.")

  static let spec = CommandSpec(
    "sandbox-provider", summary: "Run a payment provider that moves no money, and fails on demand.",
    examples: [
      Example("coinvent sandbox-provider", "On http://127.0.0.1:8090, without faults."),
      Example(
        "coinvent sandbox-provider --faults timeout=5,500-after=5,returned=2",
        "Of 100 orders 5 time out, 5 answer 500 and are paid, 2 come back."),
      Example(
        "coinvent sandbox-provider --faults script=timeout/ok/refuse",
        "The first order times out, the second is well, the third is refused."),
    ],
    options: [port, state, faults], stopsGracefully: true,
    notes: [
      "It keeps an append-only journal and forgets nothing when it is killed. The same key is "
        + "paid once.",
      "Faults, in percent of orders: timeout, 500-before, 500-after, duplicate, drop, "
        + "late-failure, returned, refuse; lookup-500 of questions. Also: settle-ms, late-ms, "
        + "hang-ms, seed, and script=FAULT/FAULT/… (ok for none), one an order.",
      "Payments of members (presales) have /v1/payments, with the same faults; refuse declines "
        + "one, and a method that begins with pm_declined always is.",
      "GET /v1/transfers lists what was really paid. The bank changes its mind with "
        + "curl -X POST http://127.0.0.1:8090/v1/transfers/PAYOUT/return (or fail, or pay).",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let port = try context.value(port, expecting: "a port") { UInt16($0) } ?? 8090
    let folder = context[state] ?? context.settings.data + "/sandbox"
    let provider = try SandboxProvider(folder: folder, faults: try faults(context))
    var configuration = ServerConfiguration()
    configuration.port = port
    configuration.connectionsPerAddress = 1024
    let server = Server(configuration, loops: [context.loop], responder: provider)
    do throws(HTTPServerError) { try server.start() } catch { throw Failure(.error, "\(error).") }
    context.output.say("The sandbox provider listens on http://127.0.0.1:\(server.port)")
    context.output.json(["port": .int(Int64(server.port))])
    await context.stop.wait()
    await server.stop(within: .seconds(1))
    provider.stop()
    return .ok
  }

  private static func faults(_ context: Context) throws(Failure) -> SandboxFaults {
    guard let text = context[faults] else { return .none }
    do throws(SandboxFaults.Wrong) {
      return try SandboxFaults(text)
    } catch {
      throw .usage("--faults: \(error).", mend: "See: coinvent help sandbox-provider")
    }
  }
}
