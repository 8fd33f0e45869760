import EventLoop

/// What a listener hears.
public enum Notification: Sendable, Equatable {
  /// Somebody ran NOTIFY.
  case message(channel: String, payload: String, backend: Int32)
  /// The connection was lost and is back: notifications sent meanwhile were missed, so look at the
  /// tables themselves.
  case reconnected
}

extension Pool {
  /// Listens to a channel, on a connection that all listeners of the pool share (one more than
  /// `size`). Ends when the stream is let go or the pool stops. A reader that falls behind by more
  /// than 4096 loses the oldest.
  /// - Throws: `DatabaseError` of kind `.unavailable` when the database is out of reach for longer
  ///   than the wait limit.
  public func listen(_ channel: String) async throws -> AsyncStream<Notification> {
    try await listener.listen(channel)
  }
}

/// The connection that hears notifications. Confined to its loop.
final class Listener: @unchecked Sendable {
  private let loop: EventLoop
  private let connector: Connector
  private let configuration: PoolConfiguration
  private let counters: Counters
  private var readers: [Int: Reader] = [:]
  private var lastReader = 0
  private var connection: Connection?
  private var isOpening = false
  private var wasConnected = false
  private var isStopped = false
  private var failures = 0

  private struct Reader {
    let channel: String
    let stream: AsyncStream<Notification>.Continuation
    /// Resumed when the server has confirmed that it listens.
    var waiter: CheckedContinuation<Void, any Error>?
  }

  init(
    loop: EventLoop, connector: Connector, configuration: PoolConfiguration, counters: Counters
  ) {
    self.loop = loop
    self.connector = connector
    self.configuration = configuration
    self.counters = counters
  }

  func listen(_ channel: String) async throws -> AsyncStream<Notification> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Notification.self, bufferingPolicy: .bufferingNewest(4096))
    try await withCheckedThrowingContinuation { waiter in
      loop.execute {
        self.add(Reader(channel: channel, stream: continuation, waiter: waiter))
      }
    }
    return stream
  }

  private func add(_ reader: Reader) {
    guard !isStopped else {
      reader.waiter?.resume(
        throwing: DatabaseError(kind: .closed, message: "the pool was stopped"))
      return
    }
    lastReader += 1
    let id = lastReader
    readers[id] = reader
    reader.stream.onTermination = { [weak self, loop] _ in
      loop.execute { [weak self] in self?.remove(id) }
    }
    loop.schedule(after: configuration.waitLimit) { [weak self] in self?.giveUp(id) }
    if let connection {
      subscribe(connection, [reader.channel], isReturn: false)
    } else {
      open()
    }
  }

  private func giveUp(_ id: Int) {
    guard let waiter = readers[id]?.waiter else { return }
    readers[id] = nil
    let limit = configuration.waitLimit
    waiter.resume(
      throwing: DatabaseError(
        kind: .unavailable, message: "the database could not be reached for \(limit)"))
  }

  private func remove(_ id: Int) {
    guard let reader = readers.removeValue(forKey: id), let connection else { return }
    if readers.isEmpty {
      drop(connection)
    } else if !readers.values.contains(where: { $0.channel == reader.channel }) {
      let name = Identifier.quoted(reader.channel)
      Task(executorPreference: loop) {
        _ = try await connection.perform("UNLISTEN \(unsafeSQL: name)")
      }
    }
  }

  private func drop(_ connection: Connection) {
    connection.close()
    self.connection = nil
    wasConnected = false
  }

  // MARK: Connecting

  private func open() {
    guard !isOpening, connection == nil, !isStopped, !readers.isEmpty else { return }
    isOpening = true
    connector.connect { [weak self, loop] result in
      loop.execute { [weak self] in self?.take(result) }
    }
  }

  private func take(_ result: Result<RawConnection, DatabaseError>) {
    isOpening = false
    guard !isStopped, !readers.isEmpty else { return }
    guard case .success(let raw) = result,
      let made = Connection(raw, loop: loop, isShared: false, statementLimit: 8)
    else {
      let pause = configuration.pause(after: failures)
      failures += 1
      loop.schedule(after: pause) { [weak self] in self?.open() }
      return
    }
    failures = 0
    counters.opened.add(1)
    made.onNotification = { [weak self] in self?.hear($0, $1, $2) }
    made.onLoss = { [weak self] _, _ in self?.lost() }
    connection = made
    subscribe(made, Set(readers.values.map { $0.channel }), isReturn: wasConnected)
    wasConnected = true
  }

  private func lost() {
    counters.lost.add(1)
    connection = nil
    loop.schedule(after: configuration.pause(after: 0)) { [weak self] in self?.open() }
  }

  /// Asks the server for the channels, and tells those who wait once it has confirmed.
  private func subscribe(
    _ connection: Connection, _ channels: Set<String>, isReturn: Bool
  ) {
    Task(executorPreference: loop) { [weak self, loop] in
      do {
        for channel in channels {
          let name = Identifier.quoted(channel)
          _ = try await connection.perform("LISTEN \(unsafeSQL: name)")
        }
        loop.execute { [weak self] in self?.confirmed(channels, isReturn) }
      } catch {
        // A connection that cannot listen is of no use; the next one tries again.
        connection.loop.execute { connection.lose() }
      }
    }
  }

  private func confirmed(_ channels: Set<String>, _ isReturn: Bool) {
    for (id, reader) in readers where channels.contains(reader.channel) {
      if let waiter = reader.waiter {
        readers[id]?.waiter = nil
        waiter.resume()
      } else if isReturn {
        reader.stream.yield(.reconnected)
      }
    }
  }

  private func hear(_ channel: String, _ payload: String, _ backend: Int32) {
    let message = Notification.message(channel: channel, payload: payload, backend: backend)
    for reader in readers.values where reader.channel == channel && reader.waiter == nil {
      reader.stream.yield(message)
    }
  }

  func stop() async {
    await withCheckedContinuation { continuation in
      loop.execute {
        self.isStopped = true
        if let connection = self.connection { self.drop(connection) }
        let all = self.readers.values
        self.readers = [:]
        for reader in all {
          reader.waiter?.resume(
            throwing: DatabaseError(kind: .closed, message: "the pool was stopped"))
          reader.stream.finish()
        }
        continuation.resume()
      }
    }
  }
}
