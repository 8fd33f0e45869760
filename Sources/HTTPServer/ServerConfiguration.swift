/// Where a server listens and what it bears. All limits refuse with an answer and a reason where
/// HTTP allows one, and cut the connection where it does not.
public struct ServerConfiguration: Sendable {
  /// A numeric IPv4 or IPv6 address: "127.0.0.1", "0.0.0.0", "::".
  public var address = "127.0.0.1"
  /// 0 picks a free port; `Server.port` tells which.
  public var port: UInt16 = 0
  /// Bytes of request line and fields; more is 431. libmicrohttpd itself refuses what passes
  /// 12 KiB more, with a page of its own.
  public var headLimit = 16 * 1024
  /// Number of fields; more is 431.
  public var fieldLimit = 100
  /// Bytes of a body where the responder has no other opinion; more is 413.
  public var bodyLimit = 1024 * 1024
  /// Connections in all; the next are answered 503 and closed.
  public var connectionLimit = 1024
  /// Connections of one IPv4 address or IPv6 /64 network; the next are closed unanswered. Raise it
  /// behind a proxy, whose address all clients share.
  public var connectionsPerAddress = 100
  /// How long a connection may lie still, whole seconds.
  public var idleLimit = Duration.seconds(30)
  /// How long a request's head may take from its first byte, and a new connection until it has
  /// sent its first head; 408.
  public var headTimeLimit = Duration.seconds(10)
  /// The least speed of a sender's body and of a reader, bytes in a second on the average; 408.
  public var leastRate = 1024
  /// How long a slow sender or reader is forgiven.
  public var rateGrace = Duration.seconds(10)

  /// The limits as they are documented above, on a free port of 127.0.0.1.
  public init() {}
}
