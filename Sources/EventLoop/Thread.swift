import CEpoll
import Glibc

private final class ThreadBody {
  let name: String
  let run: @Sendable () -> Void
  init(name: String, run: @escaping @Sendable () -> Void) {
    self.name = name
    self.run = run
  }
}

/// Starts a detached thread of the given name.
func startThread(name: String, _ run: @escaping @Sendable () -> Void) {
  var thread = pthread_t()
  let body = Unmanaged.passRetained(ThreadBody(name: name, run: run))
  let code = pthread_create(
    &thread, nil,
    { context in
      guard let context else { return nil }
      let body = Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
      coinvent_name_thread(body.name)
      body.run()
      return nil
    }, body.toOpaque())
  precondition(code == 0, "cannot start thread \(name): error \(code)")
  pthread_detach(thread)
}
