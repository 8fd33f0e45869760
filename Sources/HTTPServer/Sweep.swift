import Glibc

/// Four times a second: who is too slow, and who has gone?
///
/// libmicrohttpd itself closes connections that lie still for the idle limit, but a client that
/// sends one byte now and then would hold its connection for ever, and nobody watches a connection
/// whose handler works.
extension Daemon {
  func sweep() {
    findTheGone()
    for connection in connections.values {
      connection.exchange?.beat()
      check(connection)
    }
  }

  private func check(_ connection: Connection) {
    switch connection.phase {
    case .waiting(let since, let received): checkWaiting(connection, since, received)
    case .head(let since):
      if ContinuousClock.now - since > configuration.headTimeLimit {
        connection.cut(saying: .timeOut("The head of the request came too slowly."))
      }
    case .body(let since, let received):
      let age = ContinuousClock.now - since
      if age > configuration.rateGrace,
        connection.traffic().received < received + leastBytes(after: age)
      {
        connection.cut(saying: .timeOut("The body of the request came too slowly."))
      }
    case .answering(let since, let acknowledged):
      checkReader(connection, since, acknowledged)
    case .draining(let since):
      if ContinuousClock.now - since > .seconds(5) { connection.cut() }
    case .working, .cut: break
    }
  }

  private func checkWaiting(
    _ connection: Connection, _ since: ContinuousClock.Instant, _ received: UInt64?
  ) {
    if isDraining { return closeIfIdle(connection) }
    let count = connection.traffic().received
    if connection.requests == 0, ContinuousClock.now - since > configuration.headTimeLimit {
      if count == 0 { return connection.cut() }
      connection.cut(saying: .timeOut("The head of the request came too slowly."))
    } else if let received, count > received, connection.requests > 0 {
      connection.phase = .head(since: .now)
    } else if received == nil {
      connection.phase = .waiting(since: since, received: count)
    }
  }

  private func checkReader(
    _ connection: Connection, _ since: ContinuousClock.Instant, _ acknowledged: UInt64?
  ) {
    let count = connection.traffic().acknowledged
    guard let acknowledged else {
      connection.phase = .answering(since: since, acknowledged: count)
      return
    }
    let age = ContinuousClock.now - since
    if age > configuration.rateGrace, count < acknowledged + leastBytes(after: age) {
      connection.cut()
    }
  }

  /// What must have moved by then; nothing during the grace.
  private func leastBytes(after age: Duration) -> UInt64 {
    let counted = age - configuration.rateGrace
    return UInt64(max(0, counted / .seconds(1))) * UInt64(max(0, configuration.leastRate))
  }

  /// Clients that have closed their side. The library misses it when the end comes in one piece
  /// with the last bytes, and does not look at all while a handler works.
  private func findTheGone() {
    let watched = connections.values.filter { $0.reads || $0.exchange?.waits == true }
    if watched.isEmpty { return }
    // POLLRDHUP, which the C library shows only to GNU sources.
    var polls = watched.map { pollfd(fd: $0.descriptor, events: 0x2000, revents: 0) }
    guard poll(&polls, nfds_t(polls.count), 0) > 0 else { return }
    for (connection, poll) in zip(watched, polls) where poll.revents != 0 {
      if connection.reads {
        if connection.isQuiet { connection.cut() }
      } else {
        connection.exchange?.clientLeft()
      }
    }
  }
}
