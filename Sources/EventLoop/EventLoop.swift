import CEpoll
import Glibc
import Synchronization

/// One thread with an epoll: it runs Swift tasks, socket handlers, timers and end-of-turn work.
///
/// A loop is a `TaskExecutor`: a task started with it as preference, and every task that it awaits
/// without leaving for an actor with an executor of its own, runs on this one thread, so that
/// request, query and answer need no hop between threads. Everything that registers with a loop
/// (sockets, timers, hooks) is confined to its thread; `execute` is the way in from elsewhere.
///
/// A turn is: wait for sockets, run their handlers, run due timers, run queued jobs until none is
/// left, run the turn-end hooks (which may queue more jobs), and only then wait again.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
  public let name: String
  private let epoll: Int32
  private let wake: Int32
  private let inbox = Locked<Inbox>(Inbox())
  private let sleeping = Atomic<Bool>(false)

  // Confined to the loop's thread from here on.
  private nonisolated(unsafe) var thread = pthread_t()
  private var local: [Work] = []
  private var sockets: [Int32: Watch] = [:]
  private var timers = TimerQueue()
  private var hooks: [TurnHook] = []
  private var nextHook = 0
  private var running = true
  private var farewells: [CheckedContinuation<Void, Never>] = []

  private enum Work {
    case job(UnownedJob)
    case closure(@Sendable () -> Void)
  }

  private struct Inbox {
    var work: [Work] = []
    var closed = false
  }

  private struct TurnHook {
    let id: Int
    let run: () -> Int32
  }

  /// Starts the thread and returns once the loop can take work.
  /// - Parameter name: shown by `ps -T` and in traces; the kernel keeps 15 bytes of it.
  public init(name: String) {
    self.name = name
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    wake = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    precondition(epoll >= 0 && wake >= 0, "no descriptor left for an event loop")
    var event = epoll_event()
    event.events = COINVENT_EPOLLIN
    event.data.fd = wake
    precondition(epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &event) == 0, "eventfd refused by epoll")
    let started = Latch()
    startThread(name: name) {
      self.thread = pthread_self()
      started.open()
      self.run()
    }
    started.wait()
  }

  // MARK: Work

  /// True on the loop's own thread.
  public var isCurrent: Bool { pthread_equal(pthread_self(), thread) != 0 }

  /// Stops the program when called from another thread: what follows is confined to the loop.
  public func assertCurrent() {
    precondition(isCurrent, "called outside event loop \(name)")
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    add(.job(UnownedJob(job)))
  }

  /// Runs `work` on the loop in a coming step, in the order of the calls; from any thread.
  /// After `stop` the work still runs, on the caller's thread, so that no waiter is forgotten.
  public func execute(_ work: @escaping @Sendable () -> Void) {
    add(.closure(work))
  }

  private func add(_ work: Work) {
    if isCurrent {
      local.append(work)
      return
    }
    let closed = inbox.withLock { inbox in
      if !inbox.closed { inbox.work.append(work) }
      return inbox.closed
    }
    if closed {
      perform(work)
    } else if sleeping.exchange(false, ordering: .sequentiallyConsistent) {
      wakeUp()
    }
  }

  private func perform(_ work: Work) {
    switch work {
    case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
    case .closure(let closure): closure()
    }
  }

  private func wakeUp() {
    var one: UInt64 = 1
    _ = write(wake, &one, 8)
  }

  // MARK: Sockets

  /// Which way a socket is ready, or wanted.
  public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public static let read = Readiness(rawValue: 1)
    public static let write = Readiness(rawValue: 2)
    /// The peer hung up or the socket failed; always reported, never asked for.
    public static let closed = Readiness(rawValue: 4)

    var mask: UInt32 {
      (contains(.read) ? COINVENT_EPOLLIN | COINVENT_EPOLLRDHUP : 0)
        | (contains(.write) ? COINVENT_EPOLLOUT : 0)
    }

    init(mask: UInt32) {
      self = []
      if mask & COINVENT_EPOLLIN != 0 { insert(.read) }
      if mask & COINVENT_EPOLLOUT != 0 { insert(.write) }
      if mask & (COINVENT_EPOLLERR | COINVENT_EPOLLHUP | COINVENT_EPOLLRDHUP) != 0 {
        insert(.closed)
      }
    }
  }

  /// One watch over a descriptor; `unwatch` asks for it, since the number alone may have passed on to
  /// another file.
  public final class Watch {
    fileprivate var wanted: Readiness
    fileprivate let handler: (Readiness) -> Void
    fileprivate init(wanted: Readiness, handler: @escaping (Readiness) -> Void) {
      self.wanted = wanted
      self.handler = handler
    }
  }

  /// Calls `handler` on the loop whenever the descriptor is ready (level-triggered).
  /// The loop does not own the descriptor: call `unwatch` before closing it. Where a library closes
  /// one by itself, as libpq does when the server is gone, the kernel has forgotten it before its
  /// owner hears of it, and the number may come back as another file: that takes the old watch's
  /// place. Watching an open descriptor twice is an error of the program.
  public func watch(
    _ descriptor: Int32, for wanted: Readiness, handler: @escaping (Readiness) -> Void
  ) -> Watch {
    assertCurrent()
    let watch = Watch(wanted: wanted, handler: handler)
    sockets[descriptor] = watch
    control(EPOLL_CTL_ADD, descriptor, wanted)
    return watch
  }

  /// Changes what a watched descriptor waits for; cheap when nothing changes.
  public func rewatch(_ descriptor: Int32, for wanted: Readiness) {
    assertCurrent()
    guard let socket = sockets[descriptor], socket.wanted != wanted else { return }
    socket.wanted = wanted
    control(EPOLL_CTL_MOD, descriptor, wanted)
  }

  /// Forgets a descriptor. Its handler is not called again, also not for events already read.
  public func unwatch(_ descriptor: Int32, _ watch: Watch) {
    assertCurrent()
    guard sockets[descriptor] === watch else { return }
    sockets[descriptor] = nil
    var event = epoll_event()
    _ = epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event)
  }

  private func control(_ operation: Int32, _ descriptor: Int32, _ wanted: Readiness) {
    var event = epoll_event()
    event.events = wanted.mask
    event.data.fd = descriptor
    let code = epoll_ctl(epoll, operation, descriptor, &event)
    precondition(code == 0, "epoll_ctl(\(operation)) on \(descriptor): errno \(errno)")
  }

  // MARK: Timers and hooks

  /// Names a timer that may still be cancelled.
  public struct TimerID: Hashable, Sendable { let number: UInt64 }

  /// Calls `action` once on the loop, `delay` from now or a little later.
  @discardableResult
  public func schedule(after delay: Duration, _ action: @escaping () -> Void) -> TimerID {
    assertCurrent()
    return timers.add(at: .now + delay, action)
  }

  /// Forgets a timer; one that has run already is ignored.
  public func cancel(_ timer: TimerID) {
    assertCurrent()
    timers.cancel(timer)
  }

  /// Calls `hook` at the end of each turn, before the loop waits.
  /// - Parameter hook: returns the longest wait it can bear, in milliseconds; −1 for any.
  /// - Returns: a number for `removeTurnHook`.
  public func addTurnHook(_ hook: @escaping () -> Int32) -> Int {
    assertCurrent()
    nextHook += 1
    hooks.append(TurnHook(id: nextHook, run: hook))
    return nextHook
  }

  public func removeTurnHook(_ id: Int) {
    assertCurrent()
    hooks.removeAll { $0.id == id }
  }

  /// Suspends the caller for `delay`; ends early, throwing `CancellationError`, when cancelled.
  public func sleep(for delay: Duration) async throws {
    try await Task.sleep(for: delay)
  }

  // MARK: The turn

  private func run() {
    var events = [epoll_event](repeating: epoll_event(), count: 256)
    while running {
      drain()
      guard running else { break }
      let patience = runHooks()
      if takeInbox() || !local.isEmpty { continue }
      wait(&events, patience: shorter(patience, timers.milliseconds()))
      for number in timers.takeDue() { timers.claim(number)?() }
    }
    close()
  }

  /// Runs everything queued, and what that queues in turn.
  private func drain() {
    _ = takeInbox()
    while !local.isEmpty {
      let batch = local
      local.removeAll(keepingCapacity: true)
      for work in batch { perform(work) }
    }
  }

  private func takeInbox() -> Bool {
    let work = inbox.withLock { inbox in
      let work = inbox.work
      inbox.work.removeAll(keepingCapacity: true)
      return work
    }
    local += work
    return !work.isEmpty
  }

  private func runHooks() -> Int32 {
    var patience: Int32 = -1
    for hook in hooks { patience = shorter(patience, hook.run()) }
    return patience
  }

  private func wait(_ events: inout [epoll_event], patience: Int32) {
    // The flag goes up before the inbox is looked at a last time: work that arrives after that
    // look sees the flag and writes to the eventfd, so no wake-up is lost.
    sleeping.store(true, ordering: .sequentiallyConsistent)
    let waiting = inbox.withLock { $0.work.isEmpty }
    let count = epoll_wait(epoll, &events, Int32(events.count), waiting ? patience : 0)
    sleeping.store(false, ordering: .sequentiallyConsistent)
    for index in 0..<max(0, Int(count)) {
      let descriptor = events[index].data.fd
      if descriptor == wake {
        var value: UInt64 = 0
        _ = read(wake, &value, 8)
      } else if let socket = sockets[descriptor] {
        socket.handler(Readiness(mask: events[index].events))
      }
    }
  }

  private func shorter(_ a: Int32, _ b: Int32) -> Int32 {
    a < 0 ? b : b < 0 ? a : min(a, b)
  }

  // MARK: The end

  /// Ends the loop after the work already queued, and returns once its thread has let go.
  /// The owner of sockets and hooks takes them off first. Not to be called on the loop itself.
  public func stop() async {
    precondition(!isCurrent, "event loop \(name) cannot wait for its own end")
    await withCheckedContinuation { continuation in
      execute {
        self.running = false
        self.farewells.append(continuation)
      }
    }
  }

  private func close() {
    inbox.withLock { $0.closed = true }
    drain()
    // What they refer to often refers to the loop.
    timers = TimerQueue()
    hooks = []
    sockets = [:]
    Glibc.close(epoll)
    Glibc.close(wake)
    for farewell in farewells { farewell.resume() }
  }
}

/// A gate that opens once.
final class Latch: @unchecked Sendable {
  private var semaphore = sem_t()
  init() { sem_init(&semaphore, 0, 0) }
  deinit { sem_destroy(&semaphore) }
  func open() { sem_post(&semaphore) }
  func wait() {
    while sem_wait(&semaphore) != 0 && errno == EINTR {}
    sem_post(&semaphore)
  }
}
