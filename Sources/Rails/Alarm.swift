import Synchronization

/// Lets one task sleep until somebody rings, or a while has passed. A ring before the sleep counts.
final class Alarm: Sendable {
  private struct State {
    var rang = false
    var number = 0
    var sleeper: (number: Int, continuation: CheckedContinuation<Void, Never>)?
  }

  private let state = Mutex(State())

  func ring() {
    let sleeper = state.withLock { state in
      defer { state.sleeper = nil }
      state.rang = true
      return state.sleeper
    }
    sleeper?.continuation.resume()
  }

  /// - Returns: whether somebody rang since the last sleep.
  func sleep(for duration: Duration) async -> Bool {
    let number = state.withLock { state in
      state.number += 1
      return state.number
    }
    let timer = Task {
      do { try await Task.sleep(for: duration) } catch { return }
      self.wake(number)
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let over = state.withLock { state in
          if state.rang || duration <= .zero || Task.isCancelled { return true }
          state.sleeper = (number, continuation)
          return false
        }
        if over { continuation.resume() }
      }
    } onCancel: {
      wake(number)
    }
    timer.cancel()
    return state.withLock { state in
      defer { state.rang = false }
      return state.rang
    }
  }

  private func wake(_ number: Int) {
    let sleeper = state.withLock { state in
      guard state.sleeper?.number == number else { return nil as CheckedContinuation<Void, Never>? }
      defer { state.sleeper = nil }
      return state.sleeper?.continuation
    }
    sleeper?.resume()
  }
}
