import CLibPQ
import EventLoop

/// Cancelling on a connection that many statements share.
///
/// The server can only be told to cancel whatever the connection is running. So the request goes
/// out only while the cancelled statement is at the head of the pipeline, and a neighbour that it
/// hits by a hair is sent again: a statement of its own that failed has had no effect.
extension Connection {
  /// How long a cancelled statement of an exclusive connection may take to come to its end.
  private static var grace: Duration { .seconds(10) }

  /// The task of a sent command was cancelled.
  func cancel(_ command: Command) {
    guard !command.isDone, isAlive else { return }
    command.isCancelled = true
    if isShared { command.resume(throwing: CancellationError()) }
    cancelNextIfAbandoned()
    if !isShared, graceTimer == nil {
      graceTimer = loop.schedule(after: Connection.grace) { [weak self] in self?.endGrace() }
    }
  }

  /// Asks the server to cancel when what it works on is no longer wanted.
  func cancelNextIfAbandoned() {
    guard !isCancelling, let head = flights.first, head.isCancelled else { return }
    fireCancel()
  }

  /// Asks the server to cancel whatever it is running for this connection.
  func fireCancel() {
    guard !isCancelling, isAlive else { return }
    isCancelling = true
    let taken = Canceller.pool.submit { [canceller, loop] in
      canceller.cancel()
      loop.execute { [weak self] in self?.cancelReturned() }
    }
    if !taken { loop.schedule(after: .milliseconds(50)) { [weak self] in self?.cancelReturned() } }
  }

  private func cancelReturned() {
    isCancelling = false
    cancelReach = lastSequence
    let waiting = parked
    parked = []
    for command in waiting { settle(command) }
    if !waiting.isEmpty { onRoom() }
    resumeCalm()
    guard isAlive, let head = flights.first, head.isCancelled else { return }
    // The server may have been between two statements when the request came.
    let sequence = head.sequence
    loop.schedule(after: .milliseconds(20)) { [weak self] in
      guard let self, flights.first?.sequence == sequence else { return }
      cancelNextIfAbandoned()
    }
  }

  /// Whether a request meant for another command can have hit this one.
  func isHitByNeighbour(_ command: Command) -> Bool {
    isCancelling || command.sequence <= cancelReach
  }

  /// Waits until no request to cancel can hit what is sent next.
  func calmDown() async {
    await withCheckedContinuation { continuation in
      loop.execute {
        if self.isCancelling { self.calm.append(continuation) } else { continuation.resume() }
      }
    }
  }

  func resumeCalm() {
    for waiter in calm { waiter.resume() }
    calm = []
  }

  func stopGrace() {
    if let graceTimer { loop.cancel(graceTimer) }
    graceTimer = nil
  }

  private func endGrace() {
    graceTimer = nil
    let waits = (flights.all + parked).contains { $0.isCancelled }
    if waits || (mode == .simple && isCancelling) { lose() }
  }
}
