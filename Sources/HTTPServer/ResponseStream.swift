import EventLoop

/// A body that is made while it is sent.
public struct ResponseStream: Sendable {
  let length: Int?
  let isEndless: Bool
  let heartbeat: (interval: Duration, bytes: [UInt8])?
  let produce: @Sendable (ResponseWriter) async throws -> Void

  /// - Parameters:
  ///   - length: the exact number of bytes when it is known; chunked transfer otherwise.
  ///   - produce: writes the bytes on the client's event loop. It is cancelled when the client goes
  ///     away; when it throws, the connection is cut so that the client sees the body is not whole.
  public init(
    length: Int? = nil, _ produce: @escaping @Sendable (ResponseWriter) async throws -> Void
  ) {
    self.init(length: length, isEndless: false, heartbeat: nil, produce: produce)
  }

  init(
    length: Int?, isEndless: Bool, heartbeat: (interval: Duration, bytes: [UInt8])?,
    produce: @escaping @Sendable (ResponseWriter) async throws -> Void
  ) {
    self.length = length
    self.isEndless = isEndless
    self.heartbeat = heartbeat
    self.produce = produce
  }

  func collected() async throws -> [UInt8] {
    let collection = Collection()
    try await produce(ResponseWriter { bytes in collection.add(bytes) })
    return collection.bytes
  }

  private final class Collection: Sendable {
    private let state = Locked<[UInt8]>([])
    func add(_ bytes: [UInt8]) { state.withLock { $0 += bytes } }
    var bytes: [UInt8] { state.withLock { $0 } }
  }
}

/// The client has gone or the server stops: nothing more can be written.
public struct StreamClosed: Error, CustomStringConvertible {
  /// Safe to show and to log.
  public var description: String { "the client no longer reads this answer" }
}

/// Takes the bytes of a streamed body.
public struct ResponseWriter: Sendable {
  private let send: @Sendable ([UInt8]) async throws -> Void

  init(_ send: @escaping @Sendable ([UInt8]) async throws -> Void) {
    self.send = send
  }

  /// Queues bytes; suspends while the client has more than 64 KiB still to take.
  /// - Throws: `StreamClosed` when the client has gone, `CancellationError` when cancelled.
  public func write(_ bytes: [UInt8]) async throws {
    try await send(bytes)
  }

  /// Queues text as UTF-8; see `write(_:)` for bytes.
  public func write(_ text: String) async throws {
    try await send(Array(text.utf8))
  }
}
