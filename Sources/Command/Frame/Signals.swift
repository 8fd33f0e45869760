import Glibc

/// SIGINT and SIGTERM, taken by the main thread instead of interrupting whoever runs.
struct Signals {
  private var set = sigset_t()

  /// Holds the two signals back in this thread and in those it starts.
  static func block() -> Signals {
    var signals = Signals()
    sigemptyset(&signals.set)
    sigaddset(&signals.set, SIGINT)
    sigaddset(&signals.set, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals.set, nil)
    return signals
  }

  /// Waits for signals for ever: the first asks the command to stop, the second ends the process.
  func forward(to task: Task<Void, Never>, _ context: Context) -> Never {
    var set = set
    var number: Int32 = 0
    while true {
      guard sigwait(&set, &number) == 0 else { continue }
      if context.stop.isRaised { _exit(128 + number) }
      context.stop.raise()
      if !context.spec.stopsGracefully { task.cancel() }
    }
  }
}
