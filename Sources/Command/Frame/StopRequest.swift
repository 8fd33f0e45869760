import Synchronization

/// The wish to end: raised once by the first SIGINT or SIGTERM, seen by whoever waits or looks.
final class StopRequest: Sendable {
  private struct State {
    var raised = false
    var next = 0
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  var isRaised: Bool { state.withLock { $0.raised } }

  func raise() {
    let waiting = state.withLock { state in
      state.raised = true
      let waiting = state.waiting
      state.waiting = [:]
      return waiting
    }
    for continuation in waiting.values { continuation.resume() }
  }

  /// Returns when the wish is raised, or the task is cancelled.
  func wait() async {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let over = state.withLock { state in
          if state.raised || Task.isCancelled { return true }
          state.waiting[number] = continuation
          return false
        }
        if over { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
  }

  /// Sleeps for `duration`, or until the wish is raised; true when it is raised.
  func sleep(for duration: Duration) async -> Bool {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait() }
      group.addTask {
        do { try await Task.sleep(for: duration) } catch { /* cancelled: that is its end */  }
      }
      await group.next()
      group.cancelAll()
    }
    return isRaised
  }
}
