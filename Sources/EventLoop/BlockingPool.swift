import CEpoll
import Glibc

/// A few threads for work that blocks or burns: password hashing, files, name look-ups, libcurl.
///
/// Swift's shared threads and the event loops never run such work. The queue is bounded: what does
/// not fit is refused at once with `BlockingPool.Full`, so that a flood is felt by its sender.
public final class BlockingPool: @unchecked Sendable {
  /// The queue has no room left; try again later.
  public struct Full: Error, CustomStringConvertible {
    public let pool: String
    public var description: String { "all threads of \(pool) are busy and its queue is full" }
  }

  public let name: String
  public let queueLimit: Int
  private var mutex = pthread_mutex_t()
  private var condition = pthread_cond_t()
  private var queue: [@Sendable () -> Void] = []
  private var head = 0
  private var stopping = false

  /// - Parameter givesWay: for work that is done where and when nobody else needs a processor.
  public init(name: String, threads: Int, queueLimit: Int, givesWay: Bool = false) {
    precondition(threads > 0 && queueLimit > 0, "a pool needs threads and a queue")
    self.name = name
    self.queueLimit = queueLimit
    pthread_mutex_init(&mutex, nil)
    pthread_cond_init(&condition, nil)
    for number in 0..<threads {
      startThread(name: "\(name)-\(number)") {
        if givesWay { coinvent_give_way() }
        self.work()
      }
    }
  }

  /// How many pieces of work wait for a thread now.
  public var waiting: Int {
    locked { queue.count - head }
  }

  /// Runs `work` on one of the threads and gives its result to the caller.
  /// - Throws: `Full` when the queue is full, and whatever `work` throws.
  public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
    -> Value
  {
    try await withCheckedThrowingContinuation { continuation in
      let taken = submit { continuation.resume(with: Result(catching: work)) }
      if !taken { continuation.resume(throwing: Full(pool: name)) }
    }
  }

  /// Queues `work`; false when there is no room or the pool is stopping.
  public func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
    locked {
      guard !stopping, queue.count - head < queueLimit else { return false }
      queue.append(work)
      pthread_cond_signal(&condition)
      return true
    }
  }

  /// Lets the threads finish what is queued and end.
  public func stop() {
    locked {
      stopping = true
      pthread_cond_broadcast(&condition)
    }
  }

  private func work() {
    while let next = take() { next() }
  }

  private func take() -> (@Sendable () -> Void)? {
    locked {
      while head == queue.count {
        if stopping { return nil }
        pthread_cond_wait(&condition, &mutex)
      }
      let next = queue[head]
      head += 1
      if head == queue.count || head > 1024 {
        queue.removeFirst(head)
        head = 0
      }
      return next
    }
  }

  private func locked<Value>(_ body: () -> Value) -> Value {
    pthread_mutex_lock(&mutex)
    defer { pthread_mutex_unlock(&mutex) }
    return body()
  }
}
