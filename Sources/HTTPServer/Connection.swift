import CMicroHTTPD
import Glibc

/// One client's connection as the time-outs see it. Confined to its loop.
final class Connection {
  enum Phase {
    /// Between requests; `received` is what had come when a sweep first looked.
    case waiting(since: ContinuousClock.Instant, received: UInt64?)
    case head(since: ContinuousClock.Instant)
    case body(since: ContinuousClock.Instant, received: UInt64)
    /// The handler works, or a stream waits for its producer.
    case working
    /// A whole answer is being sent.
    case answering(since: ContinuousClock.Instant, acknowledged: UInt64?)
    /// Refused already; what still comes is thrown away for a moment.
    case draining(since: ContinuousClock.Instant)
    case cut
  }

  let handle: OpaquePointer
  let descriptor: Int32
  let network: ClientNetwork
  let address: String
  /// Came when the server had all the connections it can bear.
  var isSurplus = false
  var requests = 0
  var phase: Phase
  /// The request under way.
  var exchange: Exchange?

  init?(_ handle: OpaquePointer) {
    guard let name = coinvent_mhd_address(handle) else { return nil }
    self.handle = handle
    descriptor = coinvent_mhd_descriptor(handle)
    network = ClientNetwork(name)
    address = addressText(name)
    phase = .waiting(since: .now, received: nil)
  }

  var isCut: Bool {
    if case .cut = phase { return true }
    return false
  }

  /// The client has still to send before anything can happen.
  var reads: Bool {
    switch phase {
    case .waiting, .head, .body: true
    case .working, .answering, .draining, .cut: false
    }
  }

  var isDraining: Bool {
    if case .draining = phase { return true }
    return false
  }

  /// Bytes that came in, and bytes that the client has confirmed, since the connection began.
  func traffic() -> (received: UInt64, acknowledged: UInt64) {
    // struct tcp_info of the kernel; glibc's own ends before these two.
    var info = [UInt8](repeating: 0, count: 256)
    var size = socklen_t(info.count)
    guard getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &size) == 0, size >= 136
    else { return (0, 0) }
    return info.withUnsafeBytes { raw in
      (
        raw.load(fromByteOffset: 128, as: UInt64.self),
        raw.load(fromByteOffset: 120, as: UInt64.self)
      )
    }
  }

  /// Nothing lies unread in the kernel.
  var isQuiet: Bool {
    var count: Int32 = 0
    return ioctl(descriptor, UInt(FIONREAD), &count) == 0 && count == 0
  }

  /// Writes straight to the socket, past the library; only where it has nothing of its own to send.
  func sendDirectly(_ bytes: [UInt8]) {
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
  }

  /// Ends the connection; the library notices and cleans up.
  func cut() {
    phase = .cut
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  func cut(saying refusal: Refusal) {
    exchange?.status = refusal.status
    sendDirectly(refusal.wire(requestID: exchange?.request?.id))
    cut()
  }
}
