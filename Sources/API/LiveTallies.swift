import Coinvent
import EventLoop
import Postgres

/// The tallies of the sessions that somebody watches, read again and again while they do.
///
/// One statement reads all of them, at most twice a second in a process, however many clients
/// watch and however many ratings come. A client is only told that there is something new, and
/// takes the newest when it can: nothing is queued for one that is slow.
final class LiveTallies: Sendable {
  /// What a watcher has not seen yet.
  struct News {
    let tally: EvaluationTally
    let changed: [EvaluationTally.Entry]
    let version: Int64
  }

  private struct Watched {
    var tally: EvaluationTally?
    /// Counts the readings that found something new.
    var version: Int64 = 0
    /// The version in which each entry has changed last.
    var changes: [Int64] = []
    var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
  }

  private struct State {
    var sessions: [EvaluationID: Watched] = [:]
    var nextWatcher = 0
    var isReading = false
  }

  private let state = Locked<State>(State())
  private let pool: Pool
  private let interval: Duration

  init(pool: Pool, interval: Duration = .milliseconds(500)) {
    self.pool = pool
    self.interval = interval
  }

  /// Tells at once and then whenever something new has been read; ends when its reader does.
  func watch(_ id: EvaluationID) -> AsyncStream<Void> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let (number, isFirst) = state.withLock { state in
        state.nextWatcher += 1
        state.sessions[id, default: Watched()].watchers[state.nextWatcher] = continuation
        let isFirst = !state.isReading
        state.isReading = true
        return (state.nextWatcher, isFirst)
      }
      continuation.onTermination = { _ in self.forget(number, of: id) }
      continuation.yield()
      if isFirst { Task { await self.readOn() } }
    }
  }

  /// The tally with the entries that have changed since a version that was seen; nil when nothing
  /// has been read since.
  func news(of id: EvaluationID, since seen: Int64) -> News? {
    state.withLock { state in
      guard let watched = state.sessions[id], let tally = watched.tally, watched.version > seen
      else { return nil }
      let changed = zip(tally.entries, watched.changes).filter { $1 > seen }.map(\.0)
      return News(tally: tally, changed: changed, version: watched.version)
    }
  }

  /// How many clients watch now.
  var watchers: Int {
    state.withLock { $0.sessions.values.reduce(0) { $0 + $1.watchers.count } }
  }

  private func forget(_ number: Int, of id: EvaluationID) {
    state.withLock { state in
      state.sessions[id]?.watchers[number] = nil
      if state.sessions[id]?.watchers.isEmpty ?? false { state.sessions[id] = nil }
    }
  }

  /// Reads until nobody watches any more.
  private func readOn() async {
    while true {
      let ids = state.withLock { state in
        if state.sessions.isEmpty { state.isReading = false }
        return Array(state.sessions.keys)
      }
      if ids.isEmpty { return }
      do {
        for tally in try await EvaluationTally.read(ids, in: pool) { take(tally) }
      } catch {
        // The database cannot be asked now; the next reading tries again, and the clients get
        // their heartbeats meanwhile.
      }
      do { try await Task.sleep(for: interval) } catch { return }
    }
  }

  private func take(_ tally: EvaluationTally) {
    let told = state.withLock { state -> [AsyncStream<Void>.Continuation] in
      guard var watched = state.sessions[tally.id] else { return [] }
      let old = watched.tally
      let version = watched.version + 1
      var changes = watched.changes
      if old?.entries.map(\.idea) != tally.entries.map(\.idea) {
        changes = tally.entries.map { _ in version }
      } else if let old {
        for (place, entry) in tally.entries.enumerated() where entry != old.entries[place] {
          changes[place] = version
        }
      }
      let isNew =
        changes != watched.changes || old?.state != tally.state
        || old?.current != tally.current
      guard isNew else { return [] }
      watched.tally = tally
      watched.version = version
      watched.changes = changes
      state.sessions[tally.id] = watched
      return Array(watched.watchers.values)
    }
    for watcher in told { watcher.yield() }
  }
}
