import CMicroHTTPD
import EventLoop
import Glibc

/// One libmicrohttpd daemon on one event loop, without threads of its own: the loop tells it when
/// its sockets are ready, and runs it at the end of its turns. Confined to the loop.
final class Daemon: @unchecked Sendable {
  let loop: EventLoop
  let configuration: ServerConfiguration
  let responder: any Responder
  private let counts: ConnectionCounts
  private let log: AccessLog?
  private var library: OpaquePointer?
  private var epoll: Int32 = -1
  private var watch: EventLoop.Watch?
  private var hook = 0
  private var random = QuickRandom()
  private var clock = WallClock()
  private(set) var connections: [ObjectIdentifier: Connection] = [:]
  private var nextSweep: EventLoop.TimerID?
  private(set) var isDraining = false
  /// When the library was last run; near enough for time-outs.
  private(set) var now = ContinuousClock.now
  /// Something happened that the library has to be run for.
  var isDirty = true
  /// Requests that wait for their handlers without being suspended; see `Exchange.park`.
  var parked = 0
  /// The last run did something else than ask after parked requests.
  var hasMoved = false
  /// How long a request may stay parked.
  static let parkLimit = Duration.milliseconds(20)

  init(
    loop: EventLoop, configuration: ServerConfiguration, responder: any Responder,
    counts: ConnectionCounts, log: AccessLog?
  ) {
    self.loop = loop
    self.configuration = configuration
    self.responder = responder
    self.counts = counts
    self.log = log
  }

  // MARK: Running

  /// Takes over the listening socket and begins to accept.
  func start(listener: Int32) throws(HTTPServerError) {
    // The memory of a connection holds the head, what the library notes for its fields, and the
    // head of the answer. It is wiped for each request: no more than needed. Surplus connections
    // get theirs too, to be told that there are too many.
    var settings = coinvent_mhd_settings()
    settings.listener = listener
    settings.connection_limit = UInt32(configuration.connectionLimit + 64)
    settings.idle_seconds = UInt32(max(1, configuration.idleLimit.components.seconds))
    settings.connection_memory = configuration.headLimit + 12 * 1024
    settings.context = Unmanaged.passUnretained(self).toOpaque()
    setCallbacks(&settings)
    guard let library = coinvent_mhd_start(&settings) else { throw .libraryRefused }
    self.library = library
    epoll = coinvent_mhd_epoll(library)
    loop.execute { self.join() }
  }

  private func join() {
    watch = loop.watch(epoll, for: .read) { _ in self.isDirty = true }
    hook = loop.addTurnHook { self.turn() }
  }

  /// Runs the library until it has nothing left to do at once.
  /// - Returns: how long it can wait, in milliseconds; −1 for any time.
  private func turn() -> Int32 {
    guard let library else { return -1 }
    if parked > 0 && ContinuousClock.now - now > Daemon.parkLimit { isDirty = true }
    for _ in 0..<16 {
      if !isDirty, let patience = patience(of: library) { return patience }
      isDirty = false
      hasMoved = false
      now = .now
      MHD_run(library)
    }
    return 0
  }

  /// How long the library can wait; nil when it has something to do.
  private func patience(of library: OpaquePointer) -> Int32? {
    // With parked requests it always wants to run, to ask after them. Then what it did in the last
    // run tells whether there was more.
    if parked > 0 { return hasMoved ? nil : 5 }
    var milliseconds: UInt64 = 0
    guard MHD_get_timeout(library, &milliseconds) == .YES else { return -1 }
    return milliseconds == 0 ? nil : Int32(clamping: milliseconds)
  }

  // MARK: Connections

  func accepts(_ address: UnsafePointer<sockaddr>) -> Bool {
    counts.of(ClientNetwork(address)) < configuration.connectionsPerAddress
  }

  func opened(_ connection: Connection) {
    connection.isSurplus = counts.add(connection.network) > configuration.connectionLimit
    connections[ObjectIdentifier(connection)] = connection
    if nextSweep == nil { scheduleSweep() }
  }

  func closed(_ connection: Connection) {
    counts.remove(connection.network)
    connections[ObjectIdentifier(connection)] = nil
  }

  private func scheduleSweep() {
    nextSweep = loop.schedule(after: .milliseconds(250)) {
      self.nextSweep = nil
      self.sweep()
      if !self.connections.isEmpty { self.scheduleSweep() }
    }
  }

  // MARK: Requests

  func began(_ target: UnsafePointer<CChar>?, _ connection: Connection) -> Exchange {
    hasMoved = true
    let exchange = Exchange(daemon: self, connection: connection, target: target)
    connection.exchange = exchange
    connection.requests += 1
    if case .waiting = connection.phase { connection.phase = .head(since: exchange.began) }
    return exchange
  }

  func request(
    _ method: Method, isHead: Bool, _ target: Target, _ fields: Fields, _ connection: Connection
  ) -> Request {
    let parents = fields.traceparents
    let continued =
      parents.count == 1
      ? Trace(continuing: parents.first, state: fields.traceState, random: &random) : nil
    return Request(
      method: method, isHead: isHead, target: target, headers: fields.headers, body: [],
      remoteAddress: connection.address,
      id: acceptedRequestID(fields.requestID) ?? hexadecimal(random.next(), random.next()),
      trace: continued ?? Trace(random: &random))
  }

  func ended(_ exchange: Exchange, completed: Bool) {
    hasMoved = true
    exchange.end(completed: completed)
    let connection = exchange.connection
    connection.exchange = nil
    if !connection.isCut && !connection.isDraining {
      connection.phase = .waiting(since: now, received: nil)
    }
    if let log { log.add(line(for: exchange)) }
  }

  private func line(for exchange: Exchange) -> [UInt8] {
    var line = LogLine()
    line.field("time", clock.now())
    if let request = exchange.request {
      line.field("method", request.isHead ? "HEAD" : request.method.rawValue)
      line.field("path", request.path)
    } else {
      line.field("method", "-")
      line.field("path", String(exchange.target.prefix { $0 != "?" }.prefix(256)))
    }
    line.field("status", exchange.status)
    line.field("bytes", exchange.sent)
    let (seconds, attoseconds) = (ContinuousClock.now - exchange.began).components
    line.field("duration_us", Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000))
    if let request = exchange.request {
      line.field("request_id", request.id)
      line.field("trace_id", request.trace.traceID)
      line.field("span_id", request.trace.spanID)
    }
    line.field("address", exchange.connection.address)
    return line.finished()
  }

  // MARK: Stopping

  /// Stops listening, closes what lies idle and marks every further answer as the last of its
  /// connection.
  func drain() {
    loop.assertCurrent()
    guard let library, !isDraining else { return }
    isDraining = true
    let listener = MHD_quiesce_daemon(library)
    if listener >= 0 { close(listener) }
    isDirty = true
    _ = turn()
    for connection in connections.values {
      connection.exchange?.endIfEndless()
      closeIfIdle(connection)
    }
    isDirty = true
  }

  func closeIfIdle(_ connection: Connection) {
    if case .waiting = connection.phase, connection.isQuiet { connection.cut() }
  }

  /// Cuts what is left and takes the daemon off its loop.
  func stop() {
    loop.assertCurrent()
    guard let library else { return }
    for connection in connections.values {
      if let exchange = connection.exchange { exchange.abandon() } else { connection.cut() }
    }
    isDirty = true
    _ = turn()
    if let nextSweep { loop.cancel(nextSweep) }
    loop.removeTurnHook(hook)
    if let watch { loop.unwatch(epoll, watch) }
    MHD_stop_daemon(library)
    self.library = nil
  }
}
