import CMicroHTTPD
import EventLoop
import Glibc

/// One request and its answer. Confined to its loop but for `deliver`.
final class Exchange: @unchecked Sendable {
  private enum Stage { case head, body, running, answered, refused, over }

  let daemon: Daemon
  let connection: Connection
  let handle: OpaquePointer
  let target: String
  /// In bytes as they were sent; the text may differ where they are not UTF-8.
  let targetLength: Int
  let began = ContinuousClock.now
  private(set) var request: Request?
  /// What the access log says.
  var status = 0
  private(set) var sent = 0

  private var stage = Stage.head
  private var bodyLimit = 0
  private var body: [UInt8] = []
  private var task: Task<Void, Never>?
  private var response: Response?
  private(set) var pipe: StreamPipe?
  private var stream: ResponseStream?
  private var isSuspended = false
  /// Waits for its handler, unsuspended.
  private var parkedSince: ContinuousClock.Instant?
  private var isInHandler = false
  private var clientIsGone = false

  init(daemon: Daemon, connection: Connection, target: UnsafePointer<CChar>?) {
    self.daemon = daemon
    self.connection = connection
    handle = connection.handle
    self.target = target.map { String(cString: $0) } ?? ""
    targetLength = target.map { strlen($0) } ?? 0
  }

  // MARK: Reading

  /// What libmicrohttpd passes to its access handler.
  struct Call {
    let url: UnsafePointer<CChar>
    let method: UnsafePointer<CChar>
    let version: UnsafePointer<CChar>
    let upload: UnsafePointer<CChar>?
    let size: UnsafeMutablePointer<Int>
  }

  /// Called for the head, for each piece of the body, at its end and after each resumption.
  func proceed(_ call: Call) -> MHD_Result {
    if connection.isCut { return .NO }
    switch stage {
    case .head: return readHead(call)
    case .body: return call.size.pointee > 0 ? readBody(call) : start()
    case .running: return answerWhenReady()
    case .refused: return discard(call)
    case .answered, .over: return .YES
    }
  }

  private func readHead(_ call: Call) -> MHD_Result {
    let head = Head(call, self)
    request = head.request
    switch head.outcome {
    case .refused(let refusal):
      // Queued before the body is read, the answer closes the connection.
      return answer(refusal.response)
    case .tooLarge(let limit, expectsContinue: true):
      return answer(Refusal.bodyTooLarge(limit: limit).response)
    case .tooLarge(let limit, expectsContinue: false):
      refuseBody(limit: limit)
      return .YES
    case .accepted(let framing, let limit):
      stage = .body
      bodyLimit = limit
      if case .length(let length) = framing { body.reserveCapacity(min(length, 64 * 1024)) }
      if framing == .none || framing == .length(0) {
        connection.phase = .working
      } else {
        connection.phase = .body(since: daemon.now, received: connection.traffic().received)
      }
      return .YES
    }
  }

  private func readBody(_ call: Call) -> MHD_Result {
    let count = call.size.pointee
    call.size.pointee = 0
    daemon.hasMoved = true
    guard body.count + count <= bodyLimit else {
      refuseBody(limit: bodyLimit)
      return .YES
    }
    body += UnsafeRawBufferPointer(start: call.upload, count: count)
    return .YES
  }

  /// Answers 413 past the library, which takes no answer in the middle of a body, and reads on for
  /// a moment: closing at once would reset the connection and lose the answer.
  private func refuseBody(limit: Int) {
    let refusal = Refusal.bodyTooLarge(limit: limit)
    stage = .refused
    status = refusal.status
    body = []
    connection.sendDirectly(refusal.wire(requestID: request?.id))
    shutdown(connection.descriptor, Int32(SHUT_WR))
    connection.phase = .draining(since: daemon.now)
  }

  private func discard(_ call: Call) -> MHD_Result {
    let isEnd = call.size.pointee == 0
    call.size.pointee = 0
    return isEnd ? .NO : .YES
  }

  // MARK: The handler

  private func start() -> MHD_Result {
    guard var whole = request else { return .NO }
    whole.body = body
    body = []
    stage = .running
    connection.phase = .working
    isInHandler = true
    let request = whole
    let task = Task.immediate(executorPreference: daemon.loop) {
      self.deliver(await self.daemon.responder.respond(to: request))
    }
    isInHandler = false
    if response == nil { self.task = task }
    return answerWhenReady()
  }

  private func deliver(_ response: Response) {
    if daemon.loop.isCurrent {
      take(response)
    } else {
      daemon.loop.execute { self.take(response) }
    }
  }

  private func take(_ response: Response) {
    // A handler that outlives its connection, or the whole server, answers nobody.
    if stage == .over { return }
    self.response = response
    task = nil
    if !isInHandler { resume() }
  }

  private func answerWhenReady() -> MHD_Result {
    guard let response else {
      park()
      return .YES
    }
    self.response = nil
    leavePark()
    return answer(response)
  }

  /// Waits without suspending the connection, which would take it out of the library's epoll and
  /// back in: three system calls, a tenth of a short request. The library asks again each time it
  /// runs, so that is only for those who are answered soon.
  private func park() {
    if isSuspended { return }
    guard let since = parkedSince else {
      parkedSince = daemon.now
      daemon.parked += 1
      return
    }
    if daemon.now - since > Daemon.parkLimit {
      leavePark()
      suspend()
    }
  }

  private func leavePark() {
    if parkedSince != nil { daemon.parked -= 1 }
    parkedSince = nil
  }

  private func suspend() {
    if isSuspended { return }
    isSuspended = true
    MHD_suspend_connection(handle)
  }

  /// Lets the library go on with this connection in the coming turn.
  func resume() {
    guard stage != .over else { return }
    if isSuspended {
      isSuspended = false
      MHD_resume_connection(handle)
    }
    daemon.isDirty = true
  }

  // MARK: Answering

  private func answer(_ response: Response) -> MHD_Result {
    stage = .answered
    daemon.hasMoved = true
    status = (200...599).contains(response.status) ? response.status : 500
    guard let made = make(response) else { return .NO }
    defer { MHD_destroy_response(made) }
    for field in response.headers.fields {
      MHD_add_response_header(made, field.name, field.value)
    }
    if let id = request?.id { MHD_add_response_header(made, "X-Request-Id", id) }
    if daemon.isDraining { MHD_add_response_header(made, "Connection", "close") }
    return MHD_queue_response(handle, UInt32(status), made)
  }

  private func make(_ response: Response) -> OpaquePointer? {
    switch response.body {
    case .empty:
      connection.phase = .answering(since: daemon.now, acknowledged: nil)
      return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
    case .bytes(let bytes):
      sent = request?.isHead == true ? 0 : bytes.count
      connection.phase = .answering(since: daemon.now, acknowledged: nil)
      return bytes.withUnsafeBytes { raw in
        MHD_create_response_from_buffer(
          raw.count, UnsafeMutableRawPointer(mutating: raw.baseAddress), .RESPMEM_MUST_COPY)
      }
    case .stream(let stream):
      return make(stream)
    }
  }

  private func make(_ stream: ResponseStream) -> OpaquePointer? {
    connection.phase = .working
    if request?.isHead != true && status != 204 && status != 304 { begin(stream) }
    let size = stream.length.map(UInt64.init) ?? COINVENT_MHD_UNKNOWN
    return MHD_create_response_from_callback(
      size, 16 * 1024,
      { context, _, space, count in
        guard let context, let space else { return COINVENT_MHD_FAILED }
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        return exchange.read(into: .init(start: space, count: count))
      },
      Unmanaged.passRetained(self).toOpaque(),
      { context in
        if let context { Unmanaged<Exchange>.fromOpaque(context).release() }
      })
  }

  private func begin(_ stream: ResponseStream) {
    let loop = daemon.loop
    let pipe = StreamPipe(wake: { [weak self] in
      guard let self else { return }
      if loop.isCurrent { self.resume() } else { loop.execute { self.resume() } }
    })
    self.pipe = pipe
    self.stream = stream
    task = Task.immediate(executorPreference: loop) {
      do {
        try await stream.produce(ResponseWriter { try await pipe.write($0) })
        pipe.finish(failed: false)
      } catch {
        pipe.finish(failed: !stream.isEndless)
      }
    }
    if daemon.isDraining { endIfEndless() }
  }

  private func read(into space: UnsafeMutableRawBufferPointer) -> Int {
    guard let pipe, stage != .over else { return COINVENT_MHD_FAILED }
    switch pipe.read(into: space) {
    case .bytes(let count):
      sent += count
      return count
    case .nothingYet:
      suspend()
      return 0
    case .finished: return COINVENT_MHD_END
    case .failed: return COINVENT_MHD_FAILED
    }
  }

  // MARK: The end

  /// Whether the library waits for us, so that nobody but us watches the client.
  var waits: Bool { isSuspended && !clientIsGone }

  /// The client went away while we worked for it.
  func clientLeft() {
    clientIsGone = true
    task?.cancel()
    pipe?.close()
  }

  /// The server stops and waits no longer.
  func abandon() {
    clientLeft()
    connection.cut()
    resume()
  }

  /// A stream of events has no end that a stopping server could wait for.
  func endIfEndless() {
    guard let stream, stream.isEndless, let pipe else { return }
    pipe.finish(failed: false)
    task?.cancel()
  }

  func beat() {
    guard let heartbeat = stream?.heartbeat else { return }
    pipe?.beat(after: heartbeat.interval, heartbeat.bytes)
  }

  /// The library is done with this request, one way or another.
  func end(completed: Bool) {
    if stage == .running || (clientIsGone && pipe == nil) {
      status = 499
    } else if status == 0 {
      let sent = Int(coinvent_mhd_status(handle))
      status = sent == 0 ? 499 : sent
    }
    stage = .over
    leavePark()
    task?.cancel()
    task = nil
    pipe?.close()
  }
}
