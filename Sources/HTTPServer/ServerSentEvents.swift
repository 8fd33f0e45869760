/// One event of a `text/event-stream`.
public struct ServerSentEvent: Sendable, Equatable {
  /// What the client sends back as `Last-Event-ID` after it was cut off.
  public var id: String?
  /// The event's type; a client without a listener for it ignores the event.
  public var name: String?
  /// The message; each line of it travels as a line of its own.
  public var data: String
  /// How long the client waits before it connects again; whole milliseconds.
  public var retry: Duration?

  /// An event to be sent.
  public init(id: String? = nil, name: String? = nil, data: String, retry: Duration? = nil) {
    self.id = id
    self.name = name
    self.data = data
    self.retry = retry
  }

  var text: String {
    var text = ""
    if let retry { text += "retry: \(Int64(retry / .milliseconds(1)))\n" }
    if let id { text += "id: \(oneLine(id))\n" }
    if let name { text += "event: \(oneLine(name))\n" }
    let lines = data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for line in lines { text += "data: \(line)\n" }
    return text + "\n"
  }

  private func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\0" ? " " : $0 })
  }
}

/// Sends events to one client.
public struct EventWriter: Sendable {
  let writer: ResponseWriter

  /// Queues one event; suspends while the client is behind.
  /// - Throws: `StreamClosed` when the client has gone, `CancellationError` when cancelled.
  public func send(_ event: ServerSentEvent) async throws {
    try await writer.write(event.text)
  }
}

extension Response {
  /// A stream of events that lasts until `produce` returns, the client goes or the server stops.
  /// - Parameter heartbeat: a comment is sent when nothing else was for that long, so that a dead
  ///   client is noticed and no proxy thinks the stream is dead.
  public static func events(
    heartbeat: Duration = .seconds(15),
    _ produce: @escaping @Sendable (EventWriter) async throws -> Void
  ) -> Response {
    let stream = ResponseStream(
      length: nil, isEndless: true, heartbeat: (heartbeat, Array(":\n\n".utf8))
    ) { writer in try await produce(EventWriter(writer: writer)) }
    return Response(
      headers: [
        "Content-Type": "text/event-stream", "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
      ], body: .stream(stream))
  }
}
