import EventLoop
import Glibc
import Synchronization

/// An HTTP/1.1 server over GNU libmicrohttpd: one daemon without threads on each event loop, all on
/// one port.
///
/// A request is read whole within its limits and given to the responder on the loop of its
/// connection. Every answer names its request (`X-Request-Id`), a `traceparent` is continued, and
/// one line goes to the access log.
///
/// **What is refused.** 400 and close: Content-Length with Transfer-Encoding, repeated or odd
/// lengths, codings other than chunked, bare LF and folded lines in the head, NUL and control
/// characters in fields, names with spaces, no Host or two, targets that are no path or have broken
/// escapes, chunk sizes that are no hexadecimal number of 64 bits. 408: slow heads and bodies. 413:
/// bodies over the limit. 431: heads over the limit. 501: unknown methods. 503: too many
/// connections. Answers are problem details (RFC 9457) except where libmicrohttpd finds the fault
/// before it asks us: a request line or a field that it cannot take apart, a number it cannot read
/// in Content-Length or as the size of a chunk, a version other than HTTP/1, a head over 28 KiB.
/// It then sends a short page of its own with the same kind of status, and closes.
///
/// **What libmicrohttpd 0.9.75 cannot be made to refuse:** a bare LF instead of CR LF behind a
/// chunk or its size and in trailers, and extensions behind a chunk's size; both are read as if
/// they were well formed, and trailers are thrown away. A proxy in front should frame bodies anew,
/// as nginx does.
public final class Server: Sendable {
  /// What the server was made with.
  public let configuration: ServerConfiguration
  private let daemons: [Daemon]
  private let counts: ConnectionCounts
  private let bound = Atomic<UInt16>(0)

  /// - Parameters:
  ///   - loops: one daemon on each; they stay the caller's and must outlive the server.
  ///   - log: gets one line for each request; stays the caller's.
  public init(
    _ configuration: ServerConfiguration, loops: [EventLoop], responder: any Responder,
    log: AccessLog? = nil
  ) {
    precondition(!loops.isEmpty, "a server needs an event loop")
    let counts = ConnectionCounts()
    self.configuration = configuration
    self.counts = counts
    daemons = loops.map {
      Daemon(loop: $0, configuration: configuration, responder: responder, counts: counts, log: log)
    }
  }

  /// The port that is listened on; 0 before `start`.
  public var port: UInt16 { bound.load(ordering: .relaxed) }

  /// How many connections are open now.
  public var connections: Int { counts.all }

  /// Begins to listen. The process ignores SIGPIPE from then on, as a server must.
  /// - Throws: `addressInUse` when anybody listens there already, and the other reasons of
  ///   `HTTPServerError`.
  public func start() throws(HTTPServerError) {
    signal(SIGPIPE, SIG_IGN)
    let sockets = try ListeningSockets.open(
      address: configuration.address, port: configuration.port, count: daemons.count)
    for (index, daemon) in daemons.enumerated() {
      do throws(HTTPServerError) {
        try daemon.start(listener: sockets.descriptors[index])
      } catch {
        for descriptor in sockets.descriptors[index...] { close(descriptor) }
        for daemon in daemons[..<index] { daemon.loop.execute { daemon.stop() } }
        throw error
      }
    }
    bound.store(sockets.port, ordering: .relaxed)
  }

  /// Stops listening at once, lets the requests under way end, and cuts what is left after `limit`.
  ///
  /// Idle connections are closed, answers carry `Connection: close`, event streams end. Not to be
  /// called on one of the loops.
  public func stop(within limit: Duration) async {
    let deadline = ContinuousClock.now + limit
    for daemon in daemons { await daemon.onLoop { daemon.drain() } }
    // The wait must not be cut short by a cancelled caller: the requests are not its own.
    await Task.detached { [counts] in
      while counts.all > 0 && ContinuousClock.now < deadline { await pause() }
    }.value
    for daemon in daemons { await daemon.onLoop { daemon.stop() } }
  }
}

extension Daemon {
  fileprivate func onLoop(_ work: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      loop.execute {
        work()
        continuation.resume()
      }
    }
  }
}

private func pause() async {
  do { try await Task.sleep(for: .milliseconds(10)) } catch { await Task.yield() }
}
