import Glibc

/// A value that one thread at a time may touch.
///
/// Does what the standard library's `Mutex` does, over a POSIX mutex: ThreadSanitizer follows
/// those, and takes everything under a `Mutex` for a race, as that library is built without it.
public final class Locked<State>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var state: State

  /// The value to begin with.
  public init(_ state: State) {
    self.state = state
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` alone with the value. Keep it short, and never wait inside.
  public func withLock<Value, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }
}
