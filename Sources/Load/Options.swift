import Glibc

/// What the command line asks for.
struct Options {
  enum Plan: String, CaseIterable {
    /// `GET /v1/ideas/{id}`, one of the ideas after the other.
    case reads
    /// `PUT /v1/ideas/{id}/vote`, no pair of token and idea twice.
    case votes
    /// `GET` of `--path`.
    case path
    /// The same with the If-None-Match of the first answer.
    case etag
    /// `POST /v1/sessions` with `--body`.
    case post
  }

  var host = "127.0.0.1"
  var port: UInt16 = 8080
  var plan = Plan.reads
  var connections = 64
  var seconds = 5.0
  var warmup = 0.5
  /// Requests a second; nil for as many as the server answers.
  var rate: Double?
  var seed: UInt64 = 1
  var path = "/v1/ideas"
  var body = ""
  /// A field that path, etag and post send besides.
  var header = ""
  var ideas: [String] = []
  var tokens: [String] = []
  var log: String?

  static let help = """
    coinvent-load — ask a server as much as it can answer, and say how it did

    USAGE
      coinvent-load [--plan reads|votes|path|etag|post] [OPTION VALUE]…

    OPTIONS
      --host ADDRESS, --port N   where the server is (127.0.0.1, 8080)
      --connections N            kept alive, one request under way on each (64)
      --seconds S, --warmup S    how long is measured, and how long before that (5, 0.5)
      --rate N                   requests a second at fixed times, whatever the answers do;
                                 latency then counts from when a request was due
      --ideas FILE               ids of ideas, one a line (reads, votes)
      --tokens FILE              bearer tokens, one a line (votes)
      --path PATH                what path, etag and post ask for
      --body TEXT                what post sends, as JSON
      --header "NAME: VALUE"     one more field for path, etag and post
      --seed N                   another order of ideas and tokens (1)
      --log FILE                 writes a line for each vote that was acknowledged: the line
                                 numbers of its token and its idea, from 0

    It prints one JSON object: requests and rate, answers by status, latency in microseconds,
    lost connections, and the processor time it took itself.
    """

  init(_ arguments: [String]) throws(Failure) {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { throw Failure("\(name) needs a value") }
      switch name {
      case "--host": host = value
      case "--port": port = try number(name, value)
      case "--plan":
        guard let plan = Plan(rawValue: value) else {
          let known = Plan.allCases.map(\.rawValue).joined(separator: ", ")
          throw Failure("--plan is one of \(known), not \(value)")
        }
        self.plan = plan
      case "--connections": connections = try number(name, value)
      case "--seconds": seconds = try positive(name, value)
      case "--warmup": warmup = try positive(name, value)
      case "--rate": rate = try positive(name, value)
      case "--seed": seed = try number(name, value)
      case "--path": path = value
      case "--body": body = value
      case "--header": header = value
      case "--ideas": ideas = try lines(name, value)
      case "--tokens": tokens = try lines(name, value)
      case "--log": log = value
      default: throw Failure("unknown option \(name); see --help")
      }
    }
    try check()
  }

  private func check() throws(Failure) {
    if !(1...10_000).contains(connections) { throw Failure("--connections is 1 to 10000") }
    switch plan {
    case .reads: if ideas.isEmpty { throw Failure("reads needs --ideas") }
    case .votes:
      if ideas.isEmpty || tokens.isEmpty { throw Failure("votes needs --ideas and --tokens") }
    case .path, .etag, .post: break
    }
    if log != nil && plan != .votes { throw Failure("--log is for votes") }
  }

  private func number<T: FixedWidthInteger>(_ name: String, _ text: String) throws(Failure) -> T {
    guard let value = T(text) else { throw Failure("\(name) takes a whole number, not \(text)") }
    return value
  }

  private func positive(_ name: String, _ text: String) throws(Failure) -> Double {
    guard let value = Double(text), value >= 0, value.isFinite else {
      throw Failure("\(name) takes a number from 0 on, not \(text)")
    }
    return value
  }

  private func lines(_ name: String, _ path: String) throws(Failure) -> [String] {
    guard let file = fopen(path, "r") else {
      throw Failure("\(name) \(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      text += chunk[..<count]
    }
    return text.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
  }
}

struct Failure: Error {
  let message: String
  init(_ message: String) { self.message = message }
}
